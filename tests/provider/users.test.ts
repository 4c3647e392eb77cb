import assert from "node:assert/strict";
import { ALL_PERMISSIONS, aclsOf } from "../../kafka/admin/acls.ts";
import type { CallContext } from "../../provider/callContext.ts";
import { clientKeys } from "../../provider/handlers/clientKeys.ts";
import { kafkaUser } from "../../provider/handlers/kafkaUser.ts";
import { kafkaUsers } from "../../provider/handlers/kafkaUsers.ts";
import { operatorKey } from "../../provider/handlers/operatorKey.ts";
import type { InKafka } from "../../provider/kafkaConnection.ts";
import { KafkaFailure, type KafkaFailureKind } from "../../provider/kafkaFailure.ts";
import { unityProvider } from "../../provider/provider.ts";
import type { Client, ClientKeysInputs } from "../../provider/resources/clientKeys.ts";
import type { KafkaUserInputs } from "../../provider/resources/kafkaUser.ts";
import { FakeKafka } from "./fakeKafka.ts";

const inDemo = { cluster: { context: "here" }, namespace: "demo" };

/** A context whose lines are kept. */
function recording() {
    const lines: string[] = [];
    const context: CallContext = {
        info: (message) => void lines.push(message),
        warn: (message) => void lines.push(`warning: ${message}`),
        signal: new AbortController().signal,
    };
    return { lines, context };
}

const userOf = (principal: string): KafkaUserInputs => ({
    ...inDemo,
    principal,
    produce: ["orders"],
    consume: [],
    groups: [],
    quotas: { produce: 9 },
});

/** A Kafka in which these have ACLs and quotas, like the others that hold none. */
async function kafkaWith(...principals: string[]) {
    const kafka = new FakeKafka();
    for (const principal of principals) {
        await kafkaUser(kafka.connect).create(userOf(principal));
    }
    return kafka;
}

const failing =
    (kind: KafkaFailureKind): InKafka =>
    async () => {
        throw new KafkaFailure(kind, "Kafka is down");
    };

describe("the key of a Kafka user", () => {
    const { check, diff } = kafkaUser(new FakeKafka().connect);

    it("is replaced by a later one of another principal, whose ACLs are there before the former loses its own", async () => {
        const [former, next] = [userOf("loader"), userOf("loader.2")];
        assert.deepEqual(diff(former, next), { changes: true, replaces: ["principal"] });
        assert.deepEqual(check(next, former), { failures: [] });
        const provider = unityProvider({ inKafka: new FakeKafka().connect });
        const urn = "urn:pulumi:dev::unity-kafka::unity-kafka:index:Project$unity:kafka:User::demo";
        const { deleteBeforeReplace } = await provider.diff!("demo", urn, former, next);
        assert.equal(deleteBeforeReplace, false);
    });

    it("never becomes a former one again, which somebody else may have", () => {
        const [failure, ...others] = check(userOf("loader"), userOf("loader.3")).failures;
        assert.equal(
            failure?.reason,
            "key of loader is 3 and cannot become 1: a former key would be valid again. Set it to 3, or to 4 for another key",
        );
        assert.deepEqual(others, []);
        assert.deepEqual(check(userOf("loader"), undefined), { failures: [] });
        assert.deepEqual(check({ ...userOf("loader"), principal: undefined }, userOf("loader.3")), {
            failures: [],
        });
    });
});

describe("the users of a Kafka", () => {
    const inputs = { ...inDemo, users: ["loader.2", "reader"], superUsers: ["brokers.unity-kafka"] };

    it("are those of config: any other loses ACLs and quotas, also one that only has quotas", async () => {
        const kafka = await kafkaWith("loader", "loader.2", "reader", "operator.unity-kafka.2");
        kafka.quotas.set("left", { consume: 1 });
        const { lines, context } = recording();
        await kafkaUsers(kafka.connect).create(inputs, context);
        assert.deepEqual(await kafka.listUsers(), ["loader.2", "reader"]);
        assert.deepEqual(kafka.acls.get("loader.2"), aclsOf(userOf("loader.2")));
        assert.deepEqual(lines.sort(), [
            "left has no ACLs and quotas any more",
            "loader has no ACLs and quotas any more",
            "operator.unity-kafka.2 has no ACLs and quotas any more",
        ]);
    });

    it("are shown by a refresh where another has ACLs, and then the next up has something to do", async () => {
        const kafka = await kafkaWith("loader.2", "reader");
        const handler = kafkaUsers(kafka.connect);
        const { lines, context } = recording();
        assert.equal(await handler.read?.(inputs, context), inputs);
        await kafkaUser(kafka.connect).create(userOf("mallory"));
        const found = await handler.read?.(inputs, context);
        assert.deepEqual(found, { ...inputs, users: ["loader.2", "reader", "mallory"] });
        assert.deepEqual(handler.diff(found, inputs), { changes: true, replaces: [] });
        assert.deepEqual(lines, []);
    });

    it("are looked at again when a key, or a super user, changes", () => {
        const { diff } = kafkaUsers(new FakeKafka().connect);
        assert.deepEqual(diff(inputs, inputs), { changes: false, replaces: [] });
        assert(diff(inputs, { ...inputs, users: ["loader.3", "reader"] }).changes);
        assert(diff(inputs, { ...inputs, superUsers: [] }).changes);
    });

    it("are not taken for cleaned up where Kafka does not answer", async () => {
        await assert.rejects(kafkaUsers(failing("unavailable")).create(inputs, recording().context), {
            message: "Kafka is down",
        });
    });
});

describe("the clients of a Project", () => {
    const client = (name: string, ...secrets: string[]): Client => ({ name, secrets });
    const loader = client("loader", "apps/kafka-client-loader");
    const reader = client("reader", "apps/kafka-client-reader");
    const of = (...all: Client[]): ClientKeysInputs => ({ ...inDemo, project: "demo", clients: all });

    /** What an update does: Secrets that it deletes, users that are left, and lines. */
    async function update(before: ClientKeysInputs, after: ClientKeysInputs, connect?: InKafka) {
        const kafka = await kafkaWith("loader", "loader.2", "reader", "loader-2");
        const deleted: string[] = [];
        const { lines, context } = recording();
        const handler = clientKeys(
            connect ?? kafka.connect,
            async (_of, secret) => void deleted.push(secret),
        );
        await handler.update(before, after, context);
        return { deleted, users: await kafka.listUsers(), lines, handler };
    }

    it("that have left config lose their Secrets, and the ACLs and quotas of all their keys; no other does", async () => {
        const { deleted, users, lines } = await update(of(loader, reader), of(reader));
        assert.deepEqual(deleted, ["apps/kafka-client-loader"]);
        assert.deepEqual(users, ["reader", "loader-2"]);
        assert.deepEqual(lines, [
            "loader has no ACLs and quotas any more",
            "loader.2 has no ACLs and quotas any more",
        ]);
    });

    it("that move to another namespace keep all: Pulumi deletes the Secret in the former one when there is another", async () => {
        const { deleted, users } = await update(of(client("loader", "old/kafka-client-loader")), of(loader));
        assert.deepEqual(deleted, []);
        assert.deepEqual(users, ["loader", "loader.2", "reader", "loader-2"]);
    });

    it("lose their Secrets also where Kafka does not answer, with a warning: nothing waits for it", async () => {
        const { deleted, lines } = await update(of(loader, reader), of(reader), failing("unavailable"));
        assert.deepEqual(deleted, ["apps/kafka-client-loader"]);
        assert.deepEqual(lines, ["warning: Kafka is down. They lose them when its rolling update has ended"]);
        await assert.rejects(update(of(loader), of(), failing("refused")), { message: "Kafka is down" });
    });

    it("ask nobody where none has left, and so do those of a new Project", async () => {
        const nobody: InKafka = async () => assert.fail("Kafka is asked");
        const { deleted, lines, handler } = await update(of(reader), of(reader, loader), nobody);
        assert.deepEqual([deleted, lines], [[], []]);
        assert.deepEqual(await handler.create(), {});
        assert.deepEqual(handler.diff(of(loader), of(loader)), { changes: false, replaces: [] });
        assert.deepEqual(handler.diff(of(loader), of()), { changes: true, replaces: [] });
    });
});

describe("the operator's key", () => {
    const [FORMER, NEXT] = ["operator.unity-kafka", "operator.unity-kafka.2"] as const;
    const next = { ...inDemo, principal: NEXT };
    const nobody: InKafka = async () => assert.fail("Kafka is asked");

    it("is allowed everything by every broker before its Secret has it", async () => {
        const kafka = new FakeKafka();
        kafka.ignorant = [["kafka-1:9092"], ["kafka-1:9092"]];
        await operatorKey(kafka.connect, async () => FORMER).create(next);
        assert.deepEqual(kafka.acls.get(NEXT), aclsOf(ALL_PERMISSIONS));
        assert.deepEqual(
            aclsOf(ALL_PERMISSIONS).map(({ resource, name, operation }) => [resource, name, operation]),
            [
                ["topic", "*", "all"],
                ["group", "*", "all"],
                ["transactionalId", "*", "all"],
                ["cluster", "kafka-cluster", "all"],
            ],
        );
        assert.deepEqual(kafka.ignorant, [], "asked until every broker knows it");
    });

    it("asks nothing of a Kafka that does not run yet, or that is operated by it already", async () => {
        for (const current of [undefined, NEXT]) {
            assert.deepEqual(await operatorKey(nobody, async () => current).create(next), {});
        }
    });

    it("is not changed where no broker answers: nobody could ask them during their rolling update", async () => {
        const handler = operatorKey(failing("unavailable"), async () => FORMER);
        await assert.rejects(handler.create(next), {
            message:
                "Kafka is down; where brokers need a change of config to start, set certificates.operatorKey to 1 until they run",
        });
    });

    it("has ACLs only until every broker knows it as a super user, and the former one then has nothing", async () => {
        const kafka = new FakeKafka();
        await operatorKey(kafka.connect, async () => FORMER).create(next);
        // The former one has been given any too.
        await kafkaUser(kafka.connect).create(userOf(FORMER));
        const superUsers = ["brokers.unity-kafka", NEXT];
        await kafkaUsers(kafka.connect).create({ ...inDemo, users: [], superUsers }, recording().context);
        assert.deepEqual(await kafka.listUsers(), []);
    });

    it("never becomes a former one again", () => {
        const { check, diff } = operatorKey(nobody, async () => NEXT);
        assert.deepEqual(check({ ...inDemo, principal: FORMER }, next), {
            failures: [
                {
                    property: "principal",
                    reason: "certificates.operatorKey of operator.unity-kafka is 2 and cannot become 1: a former key would be valid again. Set it to 2, or to 3 for another key",
                },
            ],
        });
        assert.deepEqual(check(next, { ...inDemo, principal: FORMER }), { failures: [] });
        assert.deepEqual(diff({ ...inDemo, principal: FORMER }, next), { changes: true, replaces: [] });
        assert.deepEqual(diff(next, next), { changes: false, replaces: [] });
    });
});
