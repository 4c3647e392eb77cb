import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { kubeconfigPath } from "../../common/paths.ts";
import { openCluster } from "../../kafka/kubernetes/cluster.ts";
import { openProjectKafka } from "../../kafka/open.ts";
import { CLIENT_LABEL, type ClientPod, untilConnects, withClientPods } from "../e2e/clientPods.ts";
import { inPod, type Kubernetes } from "../e2e/cluster.ts";
import { BRING_UP_TIMEOUT, sharedPlatform } from "../e2e/environment.ts";
import {
    CONSUMER,
    javaCommand,
    PERFORMANCE,
    RETRYING,
    serverIn,
    VERIFIABLE_PRODUCER,
    withRetries,
} from "../e2e/kafkaTools.ts";
import { Load } from "../e2e/load.ts";
import { changed, configOf, ScenarioStack } from "./stack.ts";

const STACK = "roll";
const RED = `${STACK}-red`;
const TOPIC = "load";
/** Of the records that are counted, apart from the bulk. */
const COUNTED_TOPIC = "counted";
/** Bytes a second, beside the records that are counted. */
const RATE = 2_000_000;
const COUNTED = 200;
const CLIENT = "/etc/kafka-client/client.properties";

const client: ClientPod = {
    namespace: `${RED}-clients`,
    name: "load",
    labels: CLIENT_LABEL,
    secrets: { "/etc/kafka-client": "kafka-client-loader" },
};

describe("a rolling update under load", function () {
    this.timeout("15m");
    const config = configOf(STACK, [
        {
            name: "red",
            topics: [TOPIC, COUNTED_TOPIC].map((topic) => ({ name: topic, partitions: 6 })),
            components: [
                {
                    name: "loader",
                    produce: [TOPIC, COUNTED_TOPIC],
                    consume: [COUNTED_TOPIC],
                    groups: ["check"],
                },
            ],
        },
    ]);
    const stack = new ScenarioStack(STACK);
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        k = await sharedPlatform();
        await stack.create();
        await stack.up(config);
    });
    after(() => stack.destroy(config));

    it("of all six servers loses no record, fails no send, and keeps two replicas of every partition in sync", async () => {
        await withClientPods(k, [client], async () => {
            await untilConnects(k, client, `kafka-bootstrap.${RED}`, 9092);
            const load = (mainClass: string, args: readonly string[], ...before: string[]) =>
                new Load(k, client.namespace, client.name, javaCommand(mainClass, args, before));
            const bulk = load(PERFORMANCE, [
                ...["--topic", TOPIC, "--num-records", "1000000000", "--record-size", "1000"],
                ...["--throughput", `${RATE / 1000}`, "--producer.config", CLIENT],
                ...["--producer-props", "acks=all", "linger.ms=5", "batch.size=131072"],
            ]);
            const counted = load(
                VERIFIABLE_PRODUCER,
                [
                    ...[...serverIn(RED), "--topic", COUNTED_TOPIC, "--throughput", `${COUNTED}`],
                    ...["--acks", "-1", "--producer.config", RETRYING],
                ],
                withRetries(CLIENT),
            );
            const inSync = new InSyncReplicas(RED);
            try {
                await counted.untilMore(COUNTED);
                const begun = performance.now();
                const { acknowledged } = counted;
                await stack.up(
                    changed(config, { zookeeper: { logLevel: "WARN" }, kafka: { logLevel: "WARN" } }),
                );
                const seconds = (performance.now() - begun) / 1000;
                await counted.untilMore(COUNTED);
                bulk.assertRunning();
                await Promise.all([bulk.stop(), counted.stop()]);
                await inSync.stop();
                console.log(
                    `      rolled in ${seconds.toFixed(1)} s, ${acknowledged.length} records counted, longest gap ${counted.longestGap.toFixed(1)} s, fewest replicas in sync ${inSync.fewest} of 3`,
                );
                assert.equal(counted.failed, 0);
                assert(inSync.fewest >= 2, `${inSync.fewest} replicas in sync`);
                const consumed = new Set(await consume());
                assert.deepEqual(
                    acknowledged.filter((value) => !consumed.has(value)),
                    [],
                );
            } finally {
                await inSync.stop();
                await Promise.all([bulk.stop(), counted.stop()]);
            }
        });
    });

    /** Values of the records in the topic of those that are counted. */
    async function consume(): Promise<string[]> {
        const args = ["--topic", COUNTED_TOPIC, "--from-beginning", "--timeout-ms", "10000"];
        const rest = ["--group", "check", "--consumer.config", CLIENT];
        const command = javaCommand(CONSUMER, [...serverIn(RED), ...args, ...rest]);
        return (await inPod(k, client.namespace, client.name, command)).split("\n");
    }
});

/** Samples the replicas in sync of every partition twice a second. */
class InSyncReplicas {
    fewest = Number.POSITIVE_INFINITY;
    #stopped = false;
    readonly #sampling: Promise<void>;

    constructor(namespace: string) {
        this.#sampling = this.#sample(namespace);
    }

    async stop(): Promise<void> {
        this.#stopped = true;
        await this.#sampling;
    }

    async #sample(namespace: string): Promise<void> {
        const { kafka } = await openProjectKafka(openCluster({ kubeconfig: kubeconfigPath }), namespace);
        while (!this.#stopped) {
            // The broker that is asked may be the one that restarts.
            const metadata = await kafka.admin.metadata("controller").catch(() => undefined);
            for (const { inSync } of metadata?.topics.flatMap(({ partitions }) => partitions) ?? []) {
                this.fewest = Math.min(this.fewest, inSync.length);
            }
            await sleep(500);
        }
        await kafka.close();
    }
}
