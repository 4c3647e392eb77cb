import { X509Certificate } from "node:crypto";
import { KAFKA } from "../../common/names.ts";
import { ConnectionError } from "../../kafka/errors.ts";
import { clientCertificateOf, readClientSecret } from "../../kafka/kubernetes/clientSecrets.ts";
import { request } from "../../kafka/kubernetes/cluster.ts";
import { clusterOf, notAllowed } from "../cluster.ts";
import type { InNamespace } from "../resources/inputs.ts";

/**
 * The principal in the operator's Secret.
 * @returns undefined where there is no StatefulSet of brokers
 * @throws Error of one line that ends in a hint
 */
export async function currentOperator({
    cluster: target,
    namespace,
}: InNamespace): Promise<string | undefined> {
    try {
        const cluster = clusterOf(target);
        const brokers = await request(cluster, `read Kafka in ${namespace}`, () =>
            cluster.apps.readNamespacedStatefulSet({ name: KAFKA.name, namespace }),
        );
        if (brokers === 404) {
            return undefined;
        }
        if (brokers === 403) {
            throw notAllowed("read StatefulSets", namespace, brokers);
        }
        const { cert = "" } = clientCertificateOf(await readClientSecret(cluster, namespace));
        return new X509Certificate(cert).subject.replace(/^CN=/, "");
    } catch (error) {
        if (error instanceof ConnectionError) {
            const hint =
                error.kind === "kafka"
                    ? "Run up with --refresh and the former certificates.operatorKey, which creates it again"
                    : error.hint;
            throw new Error(`${error.message}. ${hint}`);
        }
        throw error;
    }
}
