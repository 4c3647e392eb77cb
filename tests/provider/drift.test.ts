import assert from "node:assert/strict";
import type { KafkaApi } from "../../provider/kafkaConnection.ts";
import { KafkaFailure, type KafkaFailureKind } from "../../provider/kafkaFailure.ts";
import { unityProvider } from "../../provider/provider.ts";
import { FakeKafka } from "./fakeKafka.ts";

const inDemo = { cluster: { context: "here" }, namespace: "demo" };
const loader = {
    ...inDemo,
    principal: "loader",
    produce: ["orders"],
    consume: [],
    groups: [],
    quotas: { produce: 9 },
};
const orders = {
    ...inDemo,
    topic: "orders",
    partitions: 3,
    replicationFactor: 2,
    config: { a: "1", b: "2" },
};
const settings = { ...inDemo, config: { "num.io.threads": "16" } };
const SAME = { changes: false, replaces: [], deleteBeforeReplace: true };
const UPDATE = { ...SAME, changes: true };
const OF_USER = { deleteBeforeReplace: false };

const urnOf = (type: string) => `urn:pulumi:dev::unity-kafka::unity-kafka:index:Project$${type}::demo`;
const USER = urnOf("unity:kafka:User");
const TOPIC = urnOf("unity:kafka:Topic");
const CONFIG = urnOf("unity:kafka:BrokerConfig");
const all: readonly (readonly [urn: string, state: object])[] = [
    [USER, loader],
    [TOPIC, orders],
    [CONFIG, settings],
];

/** A provider over a fake Kafka that has all these resources, and the warnings that it gives. */
async function deployed() {
    const kafka = new FakeKafka();
    const warnings: string[] = [];
    const provider = unityProvider({
        inKafka: kafka.connect,
        log: (severity, urn, message) => void warnings.push(`${severity} ${urn}: ${message}`),
    });
    for (const [urn, state] of all) {
        await provider.create!(urn, state);
    }
    return { kafka, warnings, provider };
}

/** What a refresh writes into the state, and whether the next update has something to do. */
async function refreshed(provider: ReturnType<typeof unityProvider>, urn: string, state: object) {
    const { id, props, inputs } = await provider.read!("demo", urn, state);
    const diff = id === undefined ? undefined : await provider.diff!("demo", urn, props, state);
    return { id, props: props as object | undefined, inputs: inputs as object | undefined, diff };
}

describe("a refresh", () => {
    it("leaves a state as it is, to the letter, where Kafka is as it says", async () => {
        const { kafka, provider, warnings } = await deployed();
        kafka.topics.set("orders", { ...kafka.topics.get("orders")!, config: { b: "2", a: "1" } });
        for (const [urn, state] of all) {
            const found = await refreshed(provider, urn, state);
            assert.equal(found.diff?.changes, false, urn);
        }
        assert.equal((await provider.read!("demo", USER, loader)).props, loader);
        assert.deepEqual(warnings, []);
    });

    it("finds an ACL that was removed by hand, and the next update has it again", async () => {
        const { kafka, provider } = await deployed();
        kafka.acls.set(
            "loader",
            kafka.acls.get("loader")!.filter(({ operation }) => operation !== "write"),
        );
        const found = await refreshed(provider, USER, loader);
        const left = { resource: "topic", name: "orders", pattern: "literal", operations: ["describe"] };
        assert.deepEqual(found.props, { ...loader, produce: [], acls: [left] });
        assert.deepEqual(found.inputs, found.props);
        assert.deepEqual(found.diff, { ...UPDATE, ...OF_USER });
        await provider.update!("demo", USER, found.props, loader);
        assert.deepEqual((await refreshed(provider, USER, loader)).diff, { ...SAME, ...OF_USER });
    });

    it("finds a quota that was changed by hand, also one that config cannot name", async () => {
        const { kafka, provider } = await deployed();
        const byHand = { produce: 1, controller_mutation_rate: 5 };
        kafka.quotas.set("loader", byHand);
        const found = await refreshed(provider, USER, loader);
        assert.deepEqual(found.props, { ...loader, quotas: byHand });
        assert.deepEqual(found.diff, { ...UPDATE, ...OF_USER });
    });

    it("finds a topic's setting and a broker setting that were changed by hand", async () => {
        const { kafka, provider } = await deployed();
        kafka.topics.set("orders", { ...kafka.topics.get("orders")!, config: { a: "9" } });
        kafka.brokerConfig = { "num.io.threads": "8", "log.retention.ms": "1" };
        const topic = await refreshed(provider, TOPIC, orders);
        assert.deepEqual(topic.props, { ...orders, config: { a: "9" } });
        assert.deepEqual(topic.diff, UPDATE);
        const config = await refreshed(provider, CONFIG, settings);
        assert.deepEqual(config.props, { ...inDemo, config: kafka.brokerConfig });
        assert.deepEqual(config.diff, UPDATE);
    });

    it("finds that a topic does not exist any more", async () => {
        const { kafka, provider } = await deployed();
        kafka.topics.clear();
        assert.deepEqual(await provider.read!("demo", TOPIC, orders), {});
    });

    const failing = (kind: KafkaFailureKind) => {
        const warnings: string[] = [];
        const limits: unknown[] = [];
        const inKafka = async <T>(
            _of: unknown,
            _what: string,
            _change: (admin: KafkaApi) => Promise<T>,
            limit?: number,
        ) => {
            limits.push(limit);
            throw new KafkaFailure(kind, "the reason. The hint");
        };
        const provider = unityProvider({
            inKafka,
            log: (severity, urn, message) => void warnings.push(`${severity} ${urn}: ${message}`),
        });
        return { provider, warnings, limits };
    };

    it("takes everything in a namespace that does not exist for deleted, and has nothing left to delete", async () => {
        const { provider, warnings } = failing("noNamespace");
        for (const [urn, state] of all) {
            assert.deepEqual(await provider.read!("demo", urn, state), {}, urn);
            await provider.delete!("demo", urn, state);
        }
        assert.deepEqual(warnings, []);
    });

    it("leaves the state as it is, with a warning, where Kafka does not answer within 10 s", async () => {
        const { provider, warnings, limits } = failing("unavailable");
        for (const [urn, state] of all) {
            assert.deepEqual(await provider.read!("demo", urn, state), { id: "demo", props: state }, urn);
            await assert.rejects(async () => provider.delete!("demo", urn, state), {
                message: "the reason. The hint",
            });
        }
        const because = "is left as it is: the reason. The hint";
        assert.deepEqual(warnings, [
            `WARNING ${USER}: the state of the ACLs and quotas of loader ${because}`,
            `WARNING ${TOPIC}: the state of topic orders ${because}`,
            `WARNING ${CONFIG}: the state of the broker settings ${because}`,
        ]);
        assert.deepEqual(limits, [10_000, undefined, 10_000, undefined, 10_000, undefined]);
    });

    it("fails where access is denied: it must not say that nothing has changed", async () => {
        const { provider } = failing("refused");
        for (const [urn, state] of all) {
            await assert.rejects(async () => provider.read!("demo", urn, state), {
                message: "the reason. The hint",
            });
        }
    });
});
