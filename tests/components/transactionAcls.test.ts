import assert from "node:assert/strict";
import { transactionAcls } from "../../components/project/topicsAndUsers.ts";

describe("the ACLs of transactions and Kafka Streams applications", () => {
    const producers = (name: string, pattern: "literal" | "prefixed") => ({
        ...{ resource: "transactionalId", name, pattern },
        operations: ["write", "describe"],
    });

    it("are on each transactional id, or on those with its prefix", () => {
        assert.deepEqual(transactionAcls({ transactionalIds: ["nightly", "pay-*"], applicationIds: [] }), [
            producers("nightly", "literal"),
            producers("pay-", "prefixed"),
        ]);
    });

    it("are on an application's group, internal topics and transactional ids, and on no topic of config", () => {
        assert.deepEqual(transactionAcls({ transactionalIds: [], applicationIds: ["enricher"] }), [
            { resource: "group", name: "enricher", pattern: "literal", operations: ["read", "describe"] },
            {
                ...{ resource: "topic", name: "enricher-", pattern: "prefixed" },
                operations: ["create", "delete", "read", "write", "describe"],
            },
            producers("enricher-", "prefixed"),
        ]);
    });

    it("are none where config lists no id", () => {
        assert.deepEqual(transactionAcls({ transactionalIds: [], applicationIds: [] }), []);
    });
});
