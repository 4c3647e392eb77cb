import assert from "node:assert/strict";
import { topicErrors } from "../../kafka/admin/access.ts";
import { aclsOf } from "../../kafka/admin/acls.ts";
import { mayAlterCluster } from "../../kafka/admin/permissions.ts";
import { answer, array, int32, sent, text } from "./wire.ts";

describe("the access of a client to a topic", () => {
    const acls = aclsOf({ produce: ["orders"], consume: ["orders", "log-*"], groups: ["orders-9"] });
    const errors = (topic: string, ...seen: ("Read" | "Write" | "Describe")[]) =>
        topicErrors(acls, topic, seen);

    it("is right where it has what its ACLs say, by the topic's name or its beginning", () => {
        assert.deepEqual(errors("orders", "Read", "Write", "Describe"), []);
        assert.deepEqual(errors("log-a", "Read", "Describe"), []);
        assert.deepEqual(errors("other"), []);
        assert.deepEqual(errors("orders-9"), []);
    });

    it("differs where an operation is missing", () => {
        assert.deepEqual(errors("orders", "Read", "Describe"), ["may not write to topic orders"]);
        assert.deepEqual(errors("log-a"), ["may not read topic log-a"]);
    });

    it("differs where an operation is allowed without an ACL, be it only to see the topic", () => {
        assert.deepEqual(errors("log-a", "Read", "Write", "Describe"), [
            "may write to topic log-a without an ACL of config",
        ]);
        assert.deepEqual(errors("other", "Describe"), ["may see topic other without an ACL of config"]);
        assert.deepEqual(errors("other", "Read", "Describe"), [
            "may read topic other without an ACL of config",
        ]);
    });
});

describe("the Metadata request about the cluster's own operations, on the wire", () => {
    it("asks for no topic and the operations allowed on the cluster", () => {
        assert.equal(sent(mayAlterCluster()), `${int32(0)} 00 01 00`.replaceAll(" ", ""));
    });

    it("is answered with the bits of the operations, or with none to a client that may not describe the cluster", () => {
        const decode = (operations: number) =>
            mayAlterCluster().decode(
                answer(int32(0), array(), text("cluster-id"), int32(1), array(), int32(operations)),
            );
        assert.equal(decode((1 << 7) | (1 << 8)), true);
        assert.equal(decode(1 << 8), false);
        assert.equal(decode(0), false);
        assert.equal(decode(-2_147_483_648), false);
    });
});
