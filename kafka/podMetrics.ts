/** What a pod of a Project tells Prometheus, read through the Kubernetes API. */
import { get } from "node:http";
import { text } from "node:stream/consumers";
import { withTimeLimit } from "../common/abort.ts";
import { reasonOf } from "./errors.ts";
import type { KubeCluster } from "./kubernetes/cluster.ts";
import { ForwardedSocket } from "./kubernetes/forwardedSocket.ts";
import { type Dialler, kubernetesDialler } from "./kubernetes/socketFactory.ts";

const TIME_LIMIT = 8_000;

/**
 * Metrics of a pod with all their labels, in Prometheus' format.
 *
 * @param port where the pod serves its metrics
 * @throws Error of one line when it does not answer within 8 s
 */
export async function readPodMetrics(
    cluster: KubeCluster,
    namespace: string,
    pod: string,
    port: number,
    metrics: readonly string[],
    dialler: Dialler = kubernetesDialler(cluster.config, () => undefined),
): Promise<string> {
    const tunnel = new ForwardedSocket(`${namespace}/${pod}:${port}`, dialler(namespace, pod, port));
    const exposition = new Promise<string>((resolve, reject) => {
        const path = `/metrics?${metrics.map((name) => `name%5B%5D=${name}`).join("&")}`;
        // The tunnel leads to the pod, whatever the host of the request is.
        get({ path, createConnection: () => tunnel }, (answer) => {
            text(answer).then(resolve, reject);
        }).on("error", reject);
    });
    try {
        return await withTimeLimit(exposition, TIME_LIMIT);
    } catch (error) {
        throw new Error(`${pod} does not answer at its port for metrics (${reasonOf(error)})`, {
            cause: error,
        });
    } finally {
        tunnel.destroy();
    }
}
