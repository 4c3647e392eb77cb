import { unlessAborted } from "../../common/abort.ts";
import type { ProjectKafka, TopicReader } from "../../kafka/client/projectKafka.ts";
import { retryUntilAborted } from "../../kafka/client/retry.ts";
import {
    deleteTemporaryTopic,
    temporaryTopic,
    temporaryTopicName,
} from "../../kafka/client/temporaryTopic.ts";
import { ConnectionError, reasonOf } from "../../kafka/errors.ts";
import { openProjectKafka } from "../../kafka/open.ts";
import { clusterOf } from "../cluster.ts";
import type { SmokeTestInputs, SmokeTestOutputs } from "../resources/smokeTest.ts";

/** Longest that a test may take, in milliseconds. */
const LIMIT = 120_000;
/** The first message opens the connections, the second one is measured. */
const MESSAGES = 2;

/**
 * Sends a message through a topic with the Project's replication factor and back, as a client with a certificate.
 * @throws Error of one line that ends in a hint
 */
export async function runSmokeTest(inputs: SmokeTestInputs): Promise<SmokeTestOutputs> {
    const { namespace } = inputs;
    let kafka: ProjectKafka | undefined;
    try {
        ({ kafka } = await openProjectKafka(clusterOf(inputs.cluster), namespace));
        return { latency: await roundTripTime(kafka, inputs), checkedAt: new Date().toISOString() };
    } catch (error) {
        const lastError = kafka?.lastError();
        if (error instanceof ConnectionError) {
            throw new Error(`${error.message}. ${error.hint}`);
        }
        throw new Error(
            `the smoke test of the Kafka of namespace ${namespace} failed: ${reasonOf(error)}${lastError === undefined ? "" : ` (last error: ${lastError})`}. Check its pods, then run up again`,
        );
    } finally {
        await kafka?.close();
    }
}

async function roundTripTime(
    kafka: ProjectKafka,
    { replicationFactor, minInsyncReplicas }: SmokeTestInputs,
): Promise<number> {
    const signal = AbortSignal.any([AbortSignal.timeout(LIMIT), kafka.accessDenied]);
    const topic = temporaryTopicName("check");
    const { config } = temporaryTopic(topic, replicationFactor);
    let arrived: (at: number) => void = () => undefined;
    let reader: TopicReader | undefined;
    try {
        await retryUntilAborted(
            () =>
                kafka.admin.createTopic({
                    name: topic,
                    partitions: 1,
                    replicationFactor,
                    config: { ...config, "min.insync.replicas": `${minInsyncReplicas}` },
                }),
            signal,
        );
        reader = await kafka.openReader({
            topic,
            group: topic,
            signal,
            onRecords: () => arrived(performance.now()),
        });
        const sender = await kafka.openSender(topic);
        let latency = Number.NaN;
        for (let message = 0; message < MESSAGES; message++) {
            const received = new Promise<number>((resolve) => {
                arrived = resolve;
            });
            const begun = performance.now();
            const record = { key: Buffer.from("check"), value: Buffer.from(`${message}`) };
            await sender.send(0, [record], Date.now(), signal);
            latency = (await unlessAborted(received, signal)) - begun;
        }
        return Math.round(latency);
    } finally {
        // A group that still has a member cannot be deleted.
        await reader?.close();
        await deleteTemporaryTopic(kafka.admin, topic);
    }
}
