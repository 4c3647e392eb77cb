/** Failures of a single broker, and what the others see of them. */
import assert from "node:assert/strict";
import { inPod, isReady, type Kubernetes, metric, processOf, until } from "./cluster.ts";
import { adminTool, PERFORMANCE, TOOL_SETTINGS, TOPICS, toolCommand } from "./kafkaTools.ts";

export const DATA = "/var/lib/kafka/data";
const UNDER_REPLICATED = "kafka_server_replicamanager_underreplicatedpartitions";

export async function ready(k: Kubernetes, namespace: string, pod: string): Promise<boolean> {
    return isReady(await k.core.readNamespacedPod({ namespace, name: pod }));
}

/** A topic with a replica on each of three brokers, and so many records of 1000 bytes in it. */
export async function createFilledTopic(
    k: Kubernetes,
    namespace: string,
    topic: string,
    records: number,
): Promise<void> {
    const assignment = ["0:1:2", "1:2:0", "2:0:1"].join();
    await adminTool(k, namespace, TOPICS, "--create", "--topic", topic, "--replica-assignment", assignment);
    await fill(k, namespace, topic, records);
}

/** Writes so many records of 1000 bytes, each to all in-sync replicas. */
export async function fill(k: Kubernetes, namespace: string, topic: string, records: number): Promise<void> {
    const args = ["--topic", topic, "--num-records", `${records}`, "--record-size", "1000"];
    const settings = ["--producer-props", "bootstrap.servers=kafka-bootstrap:9092", "acks=all"];
    const rest = ["--throughput", "-1", "--producer.config", TOOL_SETTINGS, ...settings];
    await inPod(k, namespace, "kafka-0", toolCommand(PERFORMANCE, [...args, ...rest]));
}

/** Kills a broker with everything on its disk, and waits until it is Ready again. Then no other may miss a replica. */
export async function losesItsDisk(k: Kubernetes, namespace: string, pod: string): Promise<void> {
    // Stopped first: it would go on writing files.
    const broker = await hangs(k, namespace, pod);
    await inPod(k, namespace, pod, ["sh", "-c", `rm -r ${DATA}/*`]);
    broker.kill();
    await until(`${pod} is noticed to be down`, 60, async () => !(await ready(k, namespace, pod)));
    await until(`${pod} is Ready`, 300, () => ready(k, namespace, pod));
    const others = ["kafka-0", "kafka-1", "kafka-2"].filter((name) => name !== pod);
    const missing = await Promise.all(others.map((other) => metric(k, namespace, other, UNDER_REPLICATED)));
    assert.deepEqual(missing, [0, 0], `under-replicated partitions when ${pod} is Ready`);
}

/** Stops a broker's process; it still exists and its ports are open. Returns what ends it. */
export async function hangs(
    k: Kubernetes,
    namespace: string,
    pod: string,
): Promise<{ goOn(): void; kill(): void }> {
    const java = await processOf(k, namespace, pod, "java");
    process.kill(java, "SIGSTOP");
    return { goOn: () => process.kill(java, "SIGCONT"), kill: () => process.kill(java, "SIGKILL") };
}

/** @throws Error with code 429 where the disruption budget is used up */
export async function evict(k: Kubernetes, namespace: string, name: string): Promise<void> {
    await k.core.createNamespacedPodEviction({ namespace, name, body: { metadata: { name, namespace } } });
}
