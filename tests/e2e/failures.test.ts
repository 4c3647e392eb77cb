import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
    cutNode,
    findNode,
    reconnectNode,
    startNode,
    stopNode,
} from "../../local/platform/faultInjection.ts";
import { evict } from "./brokerFaults.ts";
import { isReady, type Kubernetes, killJava, metric, pods, until, untilReady } from "./cluster.ts";
import {
    BLUE,
    BRING_UP_TIMEOUT,
    GREEN,
    othersDone,
    sharedEnvironment,
    untilAllReady,
} from "./environment.ts";
import { adminTool, PERFORMANCE, TOOL_SETTINGS, TOPICS, toolCommand, underReplicated } from "./kafkaTools.ts";
import { Load } from "./load.ts";
import { allArrived, SAMPLE, SAMPLE_LINES, send } from "./unity.ts";
import { leaderOf } from "./zookeeper.ts";

describe("failures", function () {
    this.timeout("5m");
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
        await othersDone();
    });

    /** Records that a broker of blue has taken from producers. */
    const received = () => metric(k, BLUE, "kafka-0", "kafka_server_brokertopicmetrics_messagesin_total");

    it("no line is lost when ZooKeeper's leader and a broker are killed while a file is sent", async () => {
        const leader = await leaderOf(k, BLUE);
        // Long enough to be under way when they are killed.
        const times = 10;
        const folder = mkdtempSync(join(tmpdir(), "unity-e2e-"));
        const file = join(folder, "large.csv");
        writeFileSync(file, readFileSync(SAMPLE, "utf8").repeat(times));
        let done = false;
        try {
            const before = await received();
            const sent = send(BLUE, file).finally(() => {
                done = true;
            });
            sent.catch(() => undefined);
            await until("the file is being sent", 60, async () => (await received()) > before + SAMPLE_LINES);
            await Promise.all([killJava(k, BLUE, leader), killJava(k, BLUE, "kafka-1")]);
            assert(!done, "the file was still being sent when they were killed");
            assert.deepEqual(await sent, allArrived(times * SAMPLE_LINES));
        } finally {
            rmSync(folder, { recursive: true });
        }
        await untilReady(k, BLUE, "zookeeper", 3);
        await untilReady(k, BLUE, "kafka", 3);
    });

    /** Green's waits while blue does: these two tests run side by side. */
    let eviction: Promise<void>;
    async function evictFromGreen(): Promise<void> {
        await evict(k, GREEN, "kafka-0");
        await assert.rejects(evict(k, GREEN, "kafka-1"), { code: 429 });
        await until("kafka-0 is a new pod", 60, async () =>
            (await pods(k, GREEN, "kafka")).every(
                ({ metadata }) => metadata?.deletionTimestamp === undefined,
            ),
        );
        await untilReady(k, GREEN, "kafka", 3);
    }

    it("a broker that comes back under load is Ready only when its replicas are in sync", async () => {
        eviction = evictFromGreen();
        eviction.catch(() => undefined);
        const topic = ["--topic", "in-sync"];
        await adminTool(k, BLUE, TOPICS, "--create", ...topic, "--partitions", "6");
        // Under load all along: there is something to catch up with, and more of it while it catches up.
        const unending = ["--num-records", "1000000000", "--record-size", "1000", "--throughput", "1000"];
        const settings = [
            "bootstrap.servers=kafka-bootstrap:9092",
            "acks=all",
            "batch.size=131072",
            "linger.ms=5",
        ];
        const load = new Load(
            k,
            BLUE,
            "kafka-0",
            toolCommand(PERFORMANCE, [
                ...[...topic, ...unending, "--producer.config", TOOL_SETTINGS],
                ...["--producer-props", ...settings],
            ]),
        );
        try {
            const before = await received();
            await until("the load is under way", 60, async () => (await received()) > before + 2000);
            await killJava(k, BLUE, "kafka-2");
            const ready = async () =>
                isReady(await k.core.readNamespacedPod({ namespace: BLUE, name: "kafka-2" }));
            await until("kafka-2 is noticed to be down", 30, async () => !(await ready()));
            await until("kafka-2 is Ready", 180, ready);
            const gauge = "kafka_server_replicamanager_underreplicatedpartitions";
            const behind = await Promise.all(
                ["kafka-0", "kafka-1"].map((pod) => metric(k, BLUE, pod, gauge)),
            );
            load.assertRunning();
            assert.deepEqual(behind, [0, 0], "under-replicated partitions at the moment it is Ready");
        } finally {
            await load.stop();
            await adminTool(k, BLUE, TOPICS, "--delete", ...topic);
        }
    });

    it("an eviction is refused while another broker is down", () => eviction);

    const nodeFailures = [
        { what: "cut off", begin: cutNode, end: reconnectNode },
        { what: "without power", begin: stopNode, end: startNode },
    ];
    for (const { what, begin, end } of nodeFailures) {
        it(`a file arrives while a node is ${what}, and every server is healthy once it is back`, async () => {
            const { spec } = await k.core.readNamespacedPod({ namespace: GREEN, name: "kafka-1" });
            const node = await findNode(spec!.nodeName!);
            await begin(node);
            try {
                assert.deepEqual(await send(GREEN, SAMPLE), allArrived(SAMPLE_LINES));
            } finally {
                await end(node);
            }
            // Kubernetes may not even have noticed, so the servers themselves are asked.
            const answers = (question: Promise<unknown>) =>
                question.then(
                    () => true,
                    () => false,
                );
            await until("every partition is in sync", 120, async () =>
                answers(underReplicated(k, GREEN).then((partitions) => assert.equal(partitions, ""))),
            );
            await until("every ZooKeeper server answers", 120, () => answers(leaderOf(k, GREEN)));
            await untilAllReady(k);
        });
    }
});
