import { accessErrors } from "../../kafka/admin/access.ts";
import { ConnectionError, lineOf } from "../../kafka/errors.ts";
import { clientCertificateOf, readClientSecret } from "../../kafka/kubernetes/clientSecrets.ts";
import { addressOf, openProjectKafka } from "../../kafka/open.ts";
import { clusterOf } from "../cluster.ts";
import type { SmokeTestInputs, SmokeTestOutputs } from "../resources/smokeTest.ts";
import { SmokeTestError, testKafka } from "./smokeTestSteps.ts";

/** Longest that a test may take, in milliseconds. */
const LIMIT = 120_000;
/** Of it, for deleting the temporary topic and closing the connections. */
const CLEANUP = 25_000;

export interface SmokeTestOptions {
    /** Takes what does not fail the test. Default: nobody. */
    readonly warn?: (message: string) => void;
    /** Ends the test early; the temporary topic is deleted all the same. */
    readonly signal?: AbortSignal;
}

/**
 * Sends a message through a topic with the Project's replication factor and back, as its operator, and compares what
 * each of its clients is allowed with config.
 * @throws Error of one line that ends in a hint
 */
export async function runSmokeTest(
    inputs: SmokeTestInputs,
    { warn = () => undefined, signal }: SmokeTestOptions = {},
): Promise<SmokeTestOutputs> {
    const { namespace } = inputs;
    const limit = AbortSignal.timeout(LIMIT - CLEANUP);
    let close: (() => Promise<void>) | undefined;
    try {
        const cluster = clusterOf(inputs.cluster);
        const { project, kafka } = await openProjectKafka(cluster, namespace);
        close = () => kafka.close();
        const latency = await testKafka({
            kafka,
            inputs,
            brokers: project.brokers,
            warn: (message) => warn(`the Kafka of namespace ${namespace}: ${message}`),
            signal: AbortSignal.any([limit, kafka.accessDenied, ...(signal ? [signal] : [])]),
            accessErrors: async ({ secret, namespace: from, ...permissions }, topics) => {
                const files = await readClientSecret(cluster, from, secret);
                return accessErrors(
                    addressOf(cluster, project, clientCertificateOf(files)),
                    permissions,
                    topics,
                );
            },
        });
        return { latency, checkedAt: new Date().toISOString() };
    } catch (error) {
        if (error instanceof ConnectionError) {
            throw new Error(lineOf(error));
        }
        if (error instanceof SmokeTestError) {
            throw new Error(
                `the smoke test of the Kafka of namespace ${namespace} failed: ${error.message}. ${error.hint}, then run up again`,
            );
        }
        throw error;
    } finally {
        await close?.();
    }
}
