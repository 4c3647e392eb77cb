import assert from "node:assert/strict";
import type { Metadata, TopicMetadata } from "../../kafka/admin/metadata.ts";
import { ConnectionError } from "../../kafka/errors.ts";
import { type SmokeTestRun, testKafka } from "../../provider/actions/smokeTestSteps.ts";
import type { SmokeTestClient } from "../../provider/resources/smokeTest.ts";
import { FakeKafka } from "../cli/fakeKafka.ts";

const loader: SmokeTestClient = {
    principal: "loader",
    secret: "kafka-client-loader",
    namespace: "demo-clients",
    produce: ["orders"],
    consume: [],
    groups: ["loader-*"],
};

const topic = (name: string, ...leaders: number[]): TopicMetadata => ({
    error: 0,
    name,
    operations: 0,
    partitions: leaders.map((leader, partition) => ({ partition, leader, replicas: [0, 1], inSync: [0, 1] })),
});
const OFFSETS = topic("__consumer_offsets", 0, 1, 2);

/** A cluster of those brokers, the first of which is the controller. */
const clusterOf = (...ids: number[]): Metadata => ({
    brokers: ids.map((id) => ({ id, address: `kafka-${id}:9092`, rack: null })),
    controller: ids[0] ?? -1,
    mayAlter: true,
    topics: [topic("orders", 0), OFFSETS],
});

/** The errors of a Project's Kafka, and how it changes while it is asked. */
class Kafka extends FakeKafka {
    readonly states: Metadata[];
    constructor(...states: Metadata[]) {
        super();
        this.states = states;
    }
    override async metadata(): Promise<Metadata> {
        return this.states.length > 1 ? this.states.shift()! : this.states[0]!;
    }
}

describe("a smoke test", function () {
    this.timeout("20s");

    /** Runs it with a limit of 1.5 s and collects what it says. */
    async function smokeTest(kafka: FakeKafka, differing: Partial<SmokeTestRun> = {}) {
        const warnings: string[] = [];
        const asked: [client: SmokeTestClient, topics: readonly string[]][] = [];
        const outcome = await testKafka({
            kafka,
            inputs: { replicationFactor: 3, minInsyncReplicas: 2, clients: [loader] },
            brokers: 3,
            signal: AbortSignal.timeout(1_500),
            warn: (message) => warnings.push(message.replace(/unity-check-\S+/, "TEMPORARY")),
            accessErrors: async (client, topics) => {
                asked.push([client, topics]);
                return [];
            },
            aclTime: 0,
            ...differing,
        }).then(
            (latency) => (latency === null ? "acknowledged" : "read"),
            ({ message, hint }: ConnectionError) =>
                `${message}. ${hint}`.replace(/unity-check-\S+/, "TEMPORARY"),
        );
        assert.deepEqual([...kafka.topics.keys()], [], "the temporary topic is deleted in any case");
        return { outcome, warnings, asked };
    }

    const replicas = (kafka: FakeKafka) =>
        kafka.created.map(({ replicationFactor, config }) => [
            replicationFactor,
            config["min.insync.replicas"],
        ]);

    it("sends a message to all replicas and reads it back", async () => {
        const kafka = new Kafka(clusterOf(0, 1, 2));
        const { outcome, warnings } = await smokeTest(kafka);
        assert.deepEqual([outcome, warnings], ["read", []]);
        assert.deepEqual(replicas(kafka), [[3, "2"]]);
        assert.deepEqual(kafka.deletedGroups, [kafka.created[0]!.name]);
    });

    it("passes while a broker is down, names it, and uses as many replicas as there can be", async () => {
        const kafka = new Kafka(clusterOf(0, 2));
        const { outcome, warnings } = await smokeTest(kafka);
        assert.equal(outcome, "read");
        assert.deepEqual(warnings, ["kafka-1 is down; messages have fewer replicas meanwhile"]);
        assert.deepEqual(replicas(kafka), [[2, "2"]]);
    });

    it("fails where fewer brokers are up than must be in sync", async () => {
        const { outcome } = await smokeTest(new Kafka(clusterOf(0)));
        assert.equal(
            outcome,
            "no topic can be created (1 of 3 brokers is up, fewer than min.insync.replicas 2). Check its pods with unity status",
        );
    });

    it("waits for a controller, and says where there is none", async () => {
        const without = { ...clusterOf(0, 1, 2), controller: -1 };
        assert.equal((await smokeTest(new Kafka(without, clusterOf(0, 1, 2)))).outcome, "read");
        assert.match(
            (await smokeTest(new Kafka(without))).outcome,
            /^no topic can be created \(there is no controller, which ZooKeeper elects\)\. /,
        );
        const gone = { ...clusterOf(0, 1, 2), controller: 7 };
        assert.match(
            (await smokeTest(new Kafka(gone))).outcome,
            /\(the controller, broker 7, is not among the brokers that are up\)\. /,
        );
    });

    it("waits until the topic of committed offsets has leaders for all of its partitions", async () => {
        const incomplete = { ...clusterOf(0, 1, 2), topics: [topic("__consumer_offsets", 0, -1)] };
        const missing = { ...clusterOf(0, 1, 2), topics: [] };
        const complete = clusterOf(0, 1, 2);
        assert.equal((await smokeTest(new Kafka(missing, incomplete, complete))).outcome, "read");
        assert.match(
            (await smokeTest(new Kafka(incomplete))).outcome,
            /^__consumer_offsets is not complete \(1 of its 2 partitions have no leader\)\. /,
        );
    });

    it("does without consumer groups where their topic cannot be created for a broker that is down", async () => {
        const { outcome, warnings, asked } = await smokeTest(new Kafka({ ...clusterOf(0, 1), topics: [] }));
        assert.equal(outcome, "acknowledged");
        assert.deepEqual(warnings, [
            "kafka-2 is down; messages have fewer replicas meanwhile",
            "__consumer_offsets does not exist, and cannot be created before 3 brokers are up",
        ]);
        assert.deepEqual(asked[0]![0].groups, []);
    });

    it("compares the access of each client to every topic, and to one that none may see", async () => {
        const kafka = new Kafka(clusterOf(0, 1, 2));
        const { asked } = await smokeTest(kafka);
        const topics = ["orders", "__consumer_offsets", kafka.created[0]!.name];
        assert.deepEqual(asked, [[loader, topics]]);
    });

    it("fails where a client may do more or less than config says, after brokers had time to learn of it", async () => {
        const errors = [
            "may not write to topic orders",
            "may read topic a",
            "may read topic b",
            "may read topic c",
        ];
        const accessErrors = async () => errors;
        const { outcome } = await smokeTest(new Kafka(clusterOf(0, 1, 2)), { accessErrors });
        assert.equal(
            outcome,
            "loader may not write to topic orders, may read topic a, may read topic b and 1 more. Refresh the state with unity up --refresh, which sees ACLs that were changed by hand",
        );
        const answers = [["may not write to topic orders"], []];
        const learning = { accessErrors: async () => answers.shift() ?? [], aclTime: 1_000 };
        assert.equal((await smokeTest(new Kafka(clusterOf(0, 1, 2)), learning)).outcome, "read");
    });

    it("ends at once where a client's Secret is missing or access is denied", async () => {
        const begun = performance.now();
        const missing = new ConnectionError("cluster", "There is no Secret", "Complete the deployment");
        const accessErrors = () => Promise.reject(missing);
        const { outcome } = await smokeTest(new Kafka(clusterOf(0, 1, 2)), { accessErrors });
        assert.equal(outcome, "There is no Secret. Complete the deployment");
        const denied = {
            signal: AbortSignal.abort(new ConnectionError("cluster", "No port-forward", "Ask")),
        };
        assert.equal(
            (await smokeTest(new Kafka(clusterOf(0, 1, 2)), denied)).outcome,
            "No port-forward. Ask",
        );
        assert(performance.now() - begun < 1_000);
    });

    it("says what did not happen in time, with the last error underneath", async () => {
        const kafka = new Kafka(clusterOf(0, 1, 2));
        kafka.stuck = true;
        assert.equal(
            (await smokeTest(kafka)).outcome,
            "a message is not acknowledged by its replicas (broker 1 is on fire). Check its pods with unity status",
        );
    });
});
