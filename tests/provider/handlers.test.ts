import assert from "node:assert/strict";
import type { V1Pod, V1StatefulSet } from "@kubernetes/client-node";
import { kafkaUser } from "../../provider/handlers/kafkaUser.ts";
import { blockingReason, isRolledOut, rollingUpdate } from "../../provider/handlers/rollingUpdate.ts";
import { smokeTest } from "../../provider/handlers/smokeTest.ts";
import { topic } from "../../provider/handlers/topic.ts";
import { plain, secret } from "../../provider/values.ts";

const place = { cluster: { context: "here" }, namespace: "demo" };

describe("a topic, in a preview", () => {
    const orders = { ...place, topic: "orders", partitions: 6, replicationFactor: 3, config: { a: "1" } };

    it("cannot lose partitions", () => {
        assert.deepEqual(topic.faults?.({ ...orders, partitions: 3 }, orders), [
            {
                property: "partitions",
                reason: "topic orders has 6 partitions and cannot have only 3: Kafka takes none away. Set 6 or more, or make another topic",
            },
        ]);
        assert.deepEqual(topic.faults?.({ ...orders, partitions: 12 }, orders), []);
        assert.deepEqual(topic.faults?.(orders), []);
    });

    it("changes with what it is, and is another one only by its name or place", () => {
        assert(!topic.changes(orders, orders));
        for (const differing of [{ partitions: 12 }, { replicationFactor: 2 }, { config: {} }]) {
            assert(topic.changes(orders, { ...orders, ...differing }));
            assert.deepEqual(topic.replaces?.(orders, { ...orders, ...differing }), []);
        }
        assert.deepEqual(topic.replaces?.(orders, { ...orders, namespace: "other" }), ["topic"]);
    });
});

describe("rights, in a preview", () => {
    it("change with each of their parts", () => {
        const had = { ...place, principal: "loader", produce: ["a"], consume: [], groups: [], quotas: {} };
        assert(!kafkaUser.changes(had, had));
        for (const differing of [
            { produce: [] },
            { consume: ["a"] },
            { groups: ["a"] },
            { quotas: { produce: 1 } },
        ]) {
            assert(kafkaUser.changes(had, { ...had, ...differing }));
        }
    });
});

describe("the check of a Project", () => {
    const state = {
        ...place,
        replicationFactor: 3,
        minInsync: 2,
        revision: "1-1-a",
        enabled: true,
        latency: 9,
        checkedAt: "then",
    };

    it("is made again when something has changed, and only then", () => {
        assert(!smokeTest.changes(state, state));
        assert(smokeTest.changes(state, { ...state, revision: "1-2-a" }));
        const { revision: _unknown, ...inPreview } = state;
        assert(smokeTest.changes(state, inPreview));
    });

    it("asks nobody where config leaves it out", async () => {
        assert.deepEqual(await smokeTest.make({ ...state, enabled: false }), {
            latency: null,
            checkedAt: null,
        });
    });
});

describe("a rollout", () => {
    const done: V1StatefulSet = {
        metadata: { generation: 4 },
        spec: { replicas: 3 } as V1StatefulSet["spec"] & object,
        status: {
            observedGeneration: 4,
            currentRevision: "b",
            updateRevision: "b",
            replicas: 3,
            readyReplicas: 3,
        },
    };

    it("is over when Kubernetes has seen the change and every server is new and Ready", () => {
        assert(isRolledOut(done));
        for (const status of [
            // What a set says of itself in the first moment after a change.
            { observedGeneration: 3 },
            { currentRevision: "a" },
            { readyReplicas: 2 },
            { replicas: 2 },
        ]) {
            assert(!isRolledOut({ ...done, status: { ...done.status!, ...status } }), JSON.stringify(status));
        }
        const { status: _none, ...young } = done;
        assert(!isRolledOut(young));
    });

    it("is waited for anew with each change", () => {
        const state = { ...place, set: "kafka", generation: 4 };
        assert(!rollingUpdate.changes(state, state));
        assert(rollingUpdate.changes(state, { ...state, generation: 5 }));
    });

    const pod = (status: V1Pod["status"]): V1Pod => ({ metadata: { name: "kafka-2" }, status: status! });

    it("says what keeps a server from starting", () => {
        const message = "0/3 nodes are available";
        const unschedulable = { type: "PodScheduled", status: "False", reason: "Unschedulable", message };
        assert.equal(
            blockingReason(pod({ conditions: [unschedulable] })),
            "kafka-2 finds no node: 0/3 nodes are available",
        );
        const waiting = (reason: string) =>
            blockingReason(
                pod({
                    containerStatuses: [
                        {
                            name: "kafka",
                            image: "i",
                            imageID: "",
                            ready: false,
                            restartCount: 0,
                            state: { waiting: { reason } },
                        },
                    ],
                }),
            );
        assert.equal(waiting("ImagePullBackOff"), "kafka-2 does not start: ImagePullBackOff");
        assert.equal(waiting("CrashLoopBackOff"), "kafka-2 does not start: CrashLoopBackOff");
        assert.equal(waiting("ContainerCreating"), undefined);
        assert.equal(blockingReason(pod({})), undefined);
    });
});

describe("values between the engine and the provider", () => {
    it("are opened at any depth, and unknown ones are nothing", () => {
        const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
        assert.deepEqual(plain({ a: [secret({ b: secret("c") })], d: unknown, e: null, value: 1 }), {
            a: [{ b: "c" }],
            d: undefined,
            e: null,
            value: 1,
        });
    });
});
