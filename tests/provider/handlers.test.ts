import assert from "node:assert/strict";
import type { CallContext } from "../../provider/callContext.ts";
import { kafkaUser } from "../../provider/handlers/kafkaUser.ts";
import { smokeTest } from "../../provider/handlers/smokeTest.ts";
import { topic } from "../../provider/handlers/topic.ts";
import type { DiffResult, Preview } from "../../provider/resourceHandler.ts";
import type { KafkaUserInputs } from "../../provider/resources/kafkaUser.ts";
import type { TopicInputs } from "../../provider/resources/topic.ts";
import { plain, secret } from "../../provider/values.ts";
import { FakeKafka } from "./fakeKafka.ts";

const inDemo = { cluster: { context: "here" }, namespace: "demo" };
const SAME: DiffResult = { changes: false, replaces: [] };
const UPDATE: DiffResult = { changes: true, replaces: [] };
const replaced = (...replaces: string[]): DiffResult => ({ changes: true, replaces });

const context: CallContext = {
    info: (message) => assert.fail(message),
    warn: (message) => assert.fail(message),
    signal: new AbortController().signal,
};

/** Checks what each change of one state does, and that no change does nothing. */
function diffs<State extends object>(
    diff: (old: State, inputs: Preview<State>) => DiffResult,
    state: State,
    expected: readonly (readonly [change: Preview<State>, DiffResult])[],
): void {
    assert.deepEqual(diff(state, state), SAME);
    for (const [change, result] of expected) {
        assert.deepEqual(diff(state, { ...state, ...change }), result, JSON.stringify(change));
    }
}

describe("a topic", () => {
    const orders: TopicInputs = {
        ...inDemo,
        topic: "orders",
        partitions: 6,
        replicationFactor: 3,
        config: { a: "1" },
    };

    it("with fewer partitions than it has is an error of the preview", () => {
        const { check } = topic(new FakeKafka().connect);
        assert.deepEqual(check({ ...orders, partitions: 3 }, orders), {
            failures: [
                {
                    property: "partitions",
                    reason: "topic orders has 6 partitions and cannot have only 3: Kafka cannot remove any. Set 6 or more, or create another topic",
                },
            ],
        });
        for (const partitions of [6, 12, undefined]) {
            assert.deepEqual(check({ ...orders, partitions }, orders), { failures: [] });
        }
        assert.deepEqual(check(orders, undefined), { failures: [] });
    });

    it("is updated in place, and replaced only where its name or namespace changes", () => {
        diffs(topic(new FakeKafka().connect).diff, orders, [
            [{ partitions: 12 }, UPDATE],
            [{ replicationFactor: 2 }, UPDATE],
            [{ config: {} }, UPDATE],
            [{ cluster: { context: "there" } }, UPDATE],
            [{ topic: "clicks" }, replaced("topic")],
            [{ namespace: "other" }, replaced("namespace")],
            [{ namespace: undefined }, replaced("namespace")],
        ]);
    });

    it("is created once, then changed only where it differs", async () => {
        const kafka = new FakeKafka();
        const handler = topic(kafka.connect);
        await handler.create(orders);
        const created = { name: "orders", partitions: 6, replicationFactor: 3, config: { a: "1" } };
        assert.deepEqual(kafka.topics.get("orders"), created);
        await handler.create(orders);
        assert.deepEqual(kafka.changes, ["createTopic"]);
        await handler.create({ ...orders, partitions: 12, replicationFactor: 2, config: {} });
        assert.deepEqual(kafka.changes.slice(1), ["changeReplication", "addPartitions", "setTopicConfig"]);
        assert.deepEqual(kafka.topics.get("orders"), {
            name: "orders",
            partitions: 12,
            replicationFactor: 2,
            config: {},
        });
    });

    it("that exists with more partitions is refused and left as it is", async () => {
        const kafka = new FakeKafka();
        await topic(kafka.connect).create(orders);
        await assert.rejects(topic(kafka.connect).create({ ...orders, partitions: 3 }), {
            message:
                "topic orders exists with 6 partitions, and Kafka cannot remove any. Set partitions to 6 or more",
        });
        assert.deepEqual(kafka.changes, ["createTopic"]);
    });

    it("is read as Kafka has it, and deleted where it exists", async () => {
        const kafka = new FakeKafka();
        const handler = topic(kafka.connect);
        await handler.create({ ...orders, config: { b: "2" } });
        assert.deepEqual(await handler.read?.(orders, context), { ...orders, config: { b: "2" } });
        await handler.delete?.(orders);
        assert.equal(await handler.read?.(orders, context), undefined);
        await handler.delete?.(orders);
        assert.deepEqual(kafka.changes, ["createTopic", "deleteTopic"]);
    });
});

describe("a Kafka user", () => {
    const loader: KafkaUserInputs = {
        ...inDemo,
        principal: "loader",
        produce: ["a"],
        consume: [],
        groups: [],
        quotas: {},
    };

    it("is updated with each of its ACLs and quotas, and replaced with its name or namespace", () => {
        diffs(kafkaUser(new FakeKafka().connect).diff, loader, [
            [{ produce: [] }, UPDATE],
            [{ consume: ["a"] }, UPDATE],
            [{ groups: ["a"] }, UPDATE],
            [{ quotas: { produce: 1 } }, UPDATE],
            [{ principal: "other" }, replaced("principal")],
            [{ namespace: "other" }, replaced("namespace")],
        ]);
    });

    it("has the ACLs and quotas of config, and none when it is deleted", async () => {
        const kafka = new FakeKafka();
        const handler = kafkaUser(kafka.connect);
        await handler.create({ ...loader, quotas: { produce: 1_000 } });
        assert.deepEqual(
            kafka.acls.get("loader")?.map(({ name, operation }) => [name, operation]),
            [
                ["a", "write"],
                ["a", "describe"],
            ],
        );
        assert.deepEqual(kafka.quotas.get("loader"), { produce: 1_000 });
        await handler.delete?.(loader);
        assert.deepEqual([kafka.acls.get("loader"), kafka.quotas.get("loader")], [[], {}]);
    });
});

describe("a smoke test", () => {
    const state = {
        ...inDemo,
        replicationFactor: 3,
        minInsyncReplicas: 2,
        clients: [],
        revision: "1-1-a",
        enabled: true,
        latency: 9,
        checkedAt: "then",
    };

    it("runs again when its Project has changed, and only then", () => {
        diffs(smokeTest.diff, state, [
            [{ revision: "1-2-a" }, UPDATE],
            [{ revision: undefined }, UPDATE],
            [{ replicationFactor: 1 }, UPDATE],
            [{ minInsyncReplicas: 1 }, UPDATE],
            // As in the state of a version that tested no clients.
            [{ clients: undefined }, UPDATE],
            [{ enabled: false }, UPDATE],
            [{ cluster: { context: "there" } }, SAME],
        ]);
    });

    it("connects to nothing where config disables it", async () => {
        assert.deepEqual(await smokeTest.create({ ...state, enabled: false }, context), {
            latency: null,
            checkedAt: null,
        });
    });
});

describe("values between the engine and the provider", () => {
    it("are opened at any depth, and unknown ones are undefined", () => {
        const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
        assert.deepEqual(plain({ a: [secret({ b: secret("c") })], d: unknown, e: null, value: 1 }), {
            a: [{ b: "c" }],
            d: undefined,
            e: null,
            value: 1,
        });
    });
});
