/**
 * A broker that falls out of sync while it runs, then twenty times one that loses its disk, or the number that is given:
 * `npm run bench:readiness -- demo`, on a Project of the embedded platform with three brokers, whose data is not harmed.
 * It takes about half an hour.
 */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { createFilledTopic, evict, fill, hangs, losesItsDisk, ready } from "../e2e/brokerFaults.ts";
import { connect, until, untilReady } from "../e2e/cluster.ts";
import { adminTool, CONFIGS, TOPICS } from "../e2e/kafkaTools.ts";

const [NAMESPACE = "demo", tries = "20"] = process.argv.slice(2);
const TOPIC = "readiness";

const k = connect();
const since = (begun: number) => `${Math.round((Date.now() - begun) / 1000)} s`;

await createFilledTopic(k, NAMESPACE, TOPIC, 50_000);
// A replica counts once a look at the replicas has found it in sync, and there is one each minute.
await sleep(75_000);
try {
    await fallsOutOfSync();
    for (let attempt = 1; attempt <= Number(tries); attempt++) {
        const begun = Date.now();
        await losesItsDisk(k, NAMESPACE, `kafka-${attempt % 3}`);
        console.log(`${attempt} of ${tries}: in sync again, and Ready no sooner, after ${since(begun)}`);
        // A pod of its own for each: the kubelet restarts a container that ends often later and later.
        await evict(k, NAMESPACE, `kafka-${attempt % 3}`);
        await until(
            "the new pod is there",
            60,
            async () => !(await ready(k, NAMESPACE, `kafka-${attempt % 3}`)),
        );
        await untilReady(k, NAMESPACE, "kafka", 3, 300);
    }
} finally {
    await adminTool(k, NAMESPACE, TOPICS, "--delete", "--topic", TOPIC);
}

/** What it misses while it hangs comes at a byte a second afterwards, so that it stays behind while it runs. */
async function fallsOutOfSync(): Promise<void> {
    const throttle = (action: string[], type: string, name: string) =>
        adminTool(k, NAMESPACE, CONFIGS, "--alter", "--entity-type", type, "--entity-name", name, ...action);
    const replicas = "follower.replication.throttled.replicas";
    const rate = "follower.replication.throttled.rate";
    await throttle(["--add-config", `${replicas}=*`], "topics", TOPIC);
    await throttle(["--add-config", `${rate}=1`], "brokers", "2");
    const broker = await hangs(k, NAMESPACE, "kafka-2");
    try {
        await until("kafka-2 is unready", 120, async () => !(await ready(k, NAMESPACE, "kafka-2")));
        await fill(k, NAMESPACE, TOPIC, 20_000);
    } finally {
        broker.goOn();
    }
    await until("kafka-2 answers", 60, () => ready(k, NAMESPACE, "kafka-2"));
    const begun = Date.now();
    await until(
        "kafka-2, which is behind, is unready",
        240,
        async () => !(await ready(k, NAMESPACE, "kafka-2")),
    );
    console.log(`out of sync while it runs: unready after ${since(begun)}`);
    await assert.rejects(evict(k, NAMESPACE, "kafka-1"), { code: 429 });
    await throttle(["--delete-config", rate], "brokers", "2");
    await throttle(["--delete-config", replicas], "topics", TOPIC);
    await untilReady(k, NAMESPACE, "kafka", 3, 240);
}
