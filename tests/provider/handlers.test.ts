import assert from "node:assert/strict";
import type { Topic } from "../../common/kafkaTypes.ts";
import { retentionDefaults } from "../../common/messageLoss.ts";
import type { CallContext } from "../../provider/callContext.ts";
import { kafkaUser } from "../../provider/handlers/kafkaUser.ts";
import { smokeTest } from "../../provider/handlers/smokeTest.ts";
import { topic } from "../../provider/handlers/topic.ts";
import { KafkaFailure } from "../../provider/kafkaFailure.ts";
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
        project: "demo",
        defaults: retentionDefaults({}),
        allowDestroy: false,
    };
    /** A Kafka that has the topic, made by somebody else. */
    const having = (change: Partial<Topic>) => {
        const kafka = new FakeKafka();
        const { partitions, replicationFactor, config } = orders;
        kafka.topics.set("orders", { name: "orders", partitions, replicationFactor, config, ...change });
        return kafka;
    };
    const ifIntended = "if that is intended, add topic/demo/orders to allowDestroy and run this again";

    it("with fewer partitions than it has is an error of the preview", async () => {
        const { check } = topic(new FakeKafka().connect);
        assert.deepEqual(await check({ ...orders, partitions: 3 }, orders), {
            failures: [
                {
                    property: "partitions",
                    reason: "topic orders has 6 partitions and cannot have only 3: Kafka cannot remove any. Set 6 or more, or create another topic",
                },
            ],
        });
        for (const partitions of [6, 12, undefined]) {
            assert.deepEqual(await check({ ...orders, partitions }, orders), { failures: [] });
        }
        assert.deepEqual(await check(orders, undefined), { failures: [] });
    });

    it("that would lose messages is an error of the preview, unless config allows that", async () => {
        const { check } = topic(new FakeKafka().connect);
        const day = { "retention.ms": "86400000" };
        const defaults = retentionDefaults({
            "log.retention.bytes": 1000,
            "log.cleanup.policy": "compact,delete",
        });
        const changes: [before: Partial<TopicInputs>, after: Partial<TopicInputs>, lost: string][] = [
            [{}, { config: day }, "messages older than 1d (retention.ms 604800000 -> 86400000)"],
            [
                { config: { "retention.ms": "-1" } },
                { config: {} },
                "messages older than 7d (retention.ms -1 -> 604800000)",
            ],
            [
                { config: { "cleanup.policy": "compact" } },
                { config: {} },
                "messages older than 7d (cleanup.policy compact -> delete)",
            ],
            [
                { config: { "cleanup.policy": "delete" } },
                { config: { "cleanup.policy": "compact" } },
                "all but the latest message of each key (cleanup.policy delete -> compact)",
            ],
            [
                {},
                { defaults },
                "what exceeds 1000 bytes in a partition and all but the latest message of each key (cleanup.policy delete -> compact,delete, retention.bytes -1 -> 1000)",
            ],
        ];
        for (const [before, after, lost] of changes) {
            const old = { ...orders, ...before };
            const reason = `topic orders of Project demo would lose ${lost}; ${ifIntended}`;
            assert.deepEqual(await check({ ...orders, ...after }, old), {
                failures: [{ property: "config", reason }],
            });
            assert.deepEqual(await check({ ...orders, ...after, allowDestroy: true }, old), { failures: [] });
        }
        // As in the state of an older version.
        const { defaults: _, ...old } = orders;
        assert.deepEqual(await check({ ...orders, defaults }, old), { failures: [] });
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
        await handler.update(orders, { ...orders, partitions: 12, replicationFactor: 2, config: {} });
        assert.deepEqual(kafka.changes.slice(1), ["changeReplication", "addPartitions", "setTopicConfig"]);
        assert.deepEqual(kafka.topics.get("orders"), {
            name: "orders",
            partitions: 12,
            replicationFactor: 2,
            config: {},
        });
    });

    it("that exists with more partitions is refused, in the preview already, and left as it is", async () => {
        const kafka = having({ partitions: 12 });
        const reason =
            "topic orders exists with 12 partitions, and Kafka cannot remove any. Set partitions to 12 or more";
        for (const allowDestroy of [true, false]) {
            const inputs = { ...orders, allowDestroy };
            const { check, create, update } = topic(kafka.connect);
            assert.deepEqual(await check(inputs, undefined), { failures: [{ property: "topic", reason }] });
            await assert.rejects(create(inputs), { message: reason });
            await assert.rejects(update(inputs, inputs), { message: reason });
        }
        assert.deepEqual(kafka.changes, []);
    });

    it("that exists and differs is taken over only where config allows that, which the preview says", async () => {
        const kafka = having({ partitions: 3, config: { b: "2", "retention.ms": "-1" } });
        const handler = topic(kafka.connect);
        const reason = `topic orders of Project demo exists already, and would change: partitions 3 -> 6, a default -> 1, b 2 -> default, retention.ms -1 -> default. It would lose messages older than 7d. Correct its line in config; ${ifIntended}`;
        assert.deepEqual(await handler.check(orders, undefined), {
            failures: [{ property: "topic", reason }],
        });
        await assert.rejects(handler.create(orders), { message: reason });
        assert.deepEqual(kafka.changes, []);
        const allowed = { ...orders, allowDestroy: true };
        assert.deepEqual(await handler.check(allowed, undefined), { failures: [] });
        await handler.create(allowed);
        assert.deepEqual(kafka.changes, ["addPartitions", "setTopicConfig"]);
    });

    it("that exists as config says is taken over without a word", async () => {
        const kafka = having({});
        assert.deepEqual(await topic(kafka.connect).check(orders, undefined), { failures: [] });
        await topic(kafka.connect).create(orders);
        assert.deepEqual(kafka.changes, []);
    });

    it("of which somebody has extended the retention is not set back, which would delete messages", async () => {
        const kafka = having({ config: { a: "1", "retention.ms": "-1" } });
        const update = topic(kafka.connect).update(orders, { ...orders, partitions: 12 });
        await assert.rejects(update, {
            message: `topic orders of Project demo would lose messages older than 7d (retention.ms -1 -> 604800000); ${ifIntended}`,
        });
        assert.deepEqual(kafka.changes, []);
    });

    it("is previewed without a Kafka, which is asked once and not for each topic", async () => {
        let asked = 0;
        const { check } = topic(() => {
            asked++;
            throw new KafkaFailure("unavailable", "no answer");
        });
        for (const name of ["orders", "clicks"]) {
            assert.deepEqual(await check({ ...orders, topic: name }, undefined), { failures: [] });
        }
        assert.equal(asked, 1);
        assert.deepEqual(await check({ ...orders, cluster: undefined }, undefined), { failures: [] });
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
