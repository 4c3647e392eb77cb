import assert from "node:assert/strict";
import { kubeconfigPath } from "../../common/paths.ts";
import type { KafkaAdmin } from "../../kafka/admin/admin.ts";
import { openCluster } from "../../kafka/kubernetes/cluster.ts";
import { openProjectKafka } from "../../kafka/open.ts";
import { CLIENT_LABEL, type ClientPod, untilConnects, withClientPods } from "../e2e/clientPods.ts";
import { inPod, type Kubernetes, until } from "../e2e/cluster.ts";
import { BRING_UP_TIMEOUT, sharedPlatform } from "../e2e/environment.ts";
import {
    adminTool,
    CONFIGS,
    CONSUMER,
    javaCommand,
    PERFORMANCE,
    RETRYING,
    serverIn,
    TOPICS,
    VERIFIABLE_PRODUCER,
    withRetries,
} from "../e2e/kafkaTools.ts";
import { Load, Reader } from "../e2e/load.ts";
import { assertRefused } from "../e2e/refused.ts";
import { changed, configOf, ScenarioStack } from "./stack.ts";

const STACK = "brokers";
const RED = `${STACK}-red`;
const COUNTED_TOPIC = "counted";
/** What takes time to move. */
const BULK_TOPIC = "bulk";
const BULK_BYTES = 120_000_000;
const THROTTLE = 4_000_000;
const RATE = 200;
/** Brokers never share a node. */
const NODES = 5;
const CLIENT = "/etc/kafka-client/client.properties";

const client: ClientPod = {
    namespace: `${RED}-clients`,
    name: "load",
    labels: CLIENT_LABEL,
    secrets: { "/etc/kafka-client": "kafka-client-loader" },
};

describe("another number of brokers under load", function () {
    this.timeout("20m");
    const three = changed(
        configOf(STACK, [
            {
                name: "red",
                topics: [
                    { name: COUNTED_TOPIC, partitions: 6 },
                    { name: BULK_TOPIC, partitions: 6 },
                ],
                components: [
                    {
                        name: "loader",
                        produce: [COUNTED_TOPIC, BULK_TOPIC],
                        consume: [COUNTED_TOPIC],
                        groups: ["check"],
                    },
                ],
            },
        ]),
        { kafka: { memory: "800Mi", reassignment: { throttle: `${THROTTLE / 1e6}MB/s` } } },
    );
    const five = changed(three, { kafka: { brokers: 5 } });
    const stack = new ScenarioStack(STACK);
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        k = await sharedPlatform(NODES);
        await stack.create();
        await stack.up(three);
    });
    after(() => stack.destroy(five));

    it("from 3 to 5 in an up that is killed, and back to 3, moves all data within the throttle and loses no record", async () => {
        await underLoad(async (load) => {
            await bulk();
            await stack.interruptUp(five, () => withAdmin(isMoving(BULK_TOPIC)), "SIGKILL");
            await stack.create();
            const grown = await timed("grown", () => stack.up(five));
            assert.match(grown, /red\/kafka: moves \d+ replicas? of \d+ partitions?/);
            assert.match(grown, /red\/kafka: partitions are spread over 5 brokers/);
            assert.deepEqual(await brokersInUse(), [0, 1, 2, 3, 4]);
            await assertOneInEachRack();
            await assertNoThrottle();
            await load.untilMore(RATE);

            await refusedForWideTopic();
            await load.untilMore(RATE);

            const shrunk = await timed("shrunk", () => stack.up(three));
            assert.match(shrunk, /red\/kafka: kafka-3, kafka-4 are empty/);
            assert.deepEqual(await brokersInUse(), [0, 1, 2]);
            await assertNoThrottle();
            await load.untilMore(RATE);
            await stack.pulumi(["preview", "--expect-no-changes"], three);
        });
    });

    it("from 3 to 5 again takes brokers that come back with their former disks", async () => {
        const disk = await k.core.readNamespacedPersistentVolumeClaim({
            namespace: RED,
            name: "data-kafka-3",
        });
        await underLoad(async (load) => {
            await timed("grown again", () => stack.up(five));
            assert.deepEqual(await brokersInUse(), [0, 1, 2, 3, 4]);
            await load.untilMore(RATE);
        });
        const same = await k.core.readNamespacedPersistentVolumeClaim({
            namespace: RED,
            name: "data-kafka-3",
        });
        assert.equal(same.metadata?.uid, disk.metadata?.uid);
    });

    /** Does something while records are counted, and asserts that each that was acknowledged can be read. */
    async function underLoad(act: (load: Load) => Promise<void>): Promise<void> {
        await withClientPods(k, [client], async () => {
            await untilConnects(k, client, `kafka-bootstrap.${RED}`, 9092);
            const { namespace, name } = client;
            const producer = javaCommand(
                VERIFIABLE_PRODUCER,
                [
                    ...[...serverIn(RED), "--topic", COUNTED_TOPIC, "--throughput", `${RATE}`],
                    ...["--acks", "-1", "--producer.config", RETRYING],
                ],
                [withRetries(CLIENT)],
            );
            const consumer = javaCommand(CONSUMER, [
                ...[...serverIn(RED), "--group", "check", "--consumer.config", CLIENT],
            ]);
            const load = new Load(k, namespace, name, producer);
            const reader = new Reader(k, namespace, name, consumer, COUNTED_TOPIC);
            try {
                await load.untilMore(RATE);
                await act(load);
                await load.stop();
                console.log(
                    `      ${load.acknowledged.length} records counted, longest gap ${load.longestGap.toFixed(1)} s`,
                );
                assert.equal(load.failed, 0);
                await reader.untilRead(load.acknowledged, 60);
            } finally {
                await Promise.all([load.stop(), reader.stop()]);
            }
        });
    }

    /** Fills a topic with data that takes time to move. */
    async function bulk(): Promise<void> {
        const size = 10_000;
        const args = [
            "--topic",
            BULK_TOPIC,
            "--num-records",
            `${BULK_BYTES / size}`,
            "--record-size",
            `${size}`,
        ];
        const settings = ["--throughput", "-1", "--producer.config", CLIENT, "--producer-props", "acks=all"];
        await inPod(k, client.namespace, client.name, javaCommand(PERFORMANCE, [...args, ...settings]));
    }

    /** A topic that config does not know, and that needs five brokers. */
    async function refusedForWideTopic(): Promise<void> {
        const reassigned = ["--topic", "wide", "--partitions", "1", "--replication-factor", "5"];
        await adminTool(k, RED, TOPICS, "--create", ...reassigned);
        const wide = /topics have more replicas than that: wide \(5\)/;
        await assertRefused(wide, stack.pulumi(["preview"], three));
        await assertRefused(wide, stack.up(three, "--continue-on-error"));
        const { spec } = await k.apps.readNamespacedStatefulSet({ namespace: RED, name: "kafka" });
        assert.equal(spec?.replicas, 5);
        await adminTool(k, RED, TOPICS, "--delete", "--topic", "wide");
        await until("the topic is gone", 30, async () =>
            withAdmin(async (admin) => !(await admin.listTopics()).includes("wide")),
        );
    }

    async function timed(what: string, act: () => Promise<string>): Promise<string> {
        const begun = performance.now();
        const printed = await act();
        console.log(`      ${what} in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
        for (const [line] of printed.matchAll(/red\/kafka: .*/g)) {
            console.log(`        ${line}`);
        }
        return printed;
    }

    /** Ids of the brokers that have replicas; all topics, and Kafka's own. */
    const brokersInUse = () =>
        withAdmin(async (admin) => {
            const { topics } = await admin.metadata("controller");
            const replicas = topics.flatMap(({ partitions }) => partitions.flatMap((each) => each.replicas));
            return [...new Set(replicas)].sort();
        });

    const assertOneInEachRack = () =>
        withAdmin(async (admin) => {
            const { brokers, topics } = await admin.metadata("controller");
            const rackOf = new Map(brokers.map(({ id, rack }) => [id, rack]));
            for (const { name, partitions } of topics) {
                for (const { partition, replicas } of partitions) {
                    const racks = new Set(replicas.map((id) => rackOf.get(id)));
                    assert.deepEqual(
                        [replicas.length, racks.size],
                        [3, 3],
                        `${name}-${partition}: ${replicas.join()}`,
                    );
                }
            }
        });

    async function assertNoThrottle(): Promise<void> {
        for (const entity of [["topics"], ["brokers", "--entity-default"]]) {
            const printed = await adminTool(k, RED, CONFIGS, "--describe", "--entity-type", ...entity);
            assert.doesNotMatch(printed, /throttled/);
        }
    }
});

const isMoving = (topic: string) => async (admin: KafkaAdmin) =>
    (await admin.listReassignments()).some((each) => each.topic === topic);

async function withAdmin<T>(ask: (admin: KafkaAdmin) => Promise<T>): Promise<T> {
    const { kafka } = await openProjectKafka(openCluster({ kubeconfig: kubeconfigPath }), RED);
    try {
        return await ask(kafka.admin);
    } finally {
        await kafka.close();
    }
}
