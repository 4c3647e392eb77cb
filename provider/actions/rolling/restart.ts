import { ConnectionError } from "../../../kafka/errors.ts";
import { httpStatus, type KubeCluster, request } from "../../../kafka/kubernetes/cluster.ts";
import { notAllowed } from "../../cluster.ts";
import type { Step } from "./decide.ts";

/** The disruption budget allows no eviction at the moment. */
const TOO_MANY_REQUESTS = 429;
/** The pod is no longer the one that was judged. */
const CONFLICT = 409;

/**
 * Restarts servers: their pods are deleted, and the StatefulSet creates them by its newest revision. One that serves
 * is evicted, so that a node that is being drained at the same time and this never take two.
 *
 * @throws Error where it is not allowed
 */
export async function restart(
    cluster: KubeCluster,
    namespace: string,
    { servers, serving }: Step & { readonly kind: "restart" },
): Promise<void> {
    await Promise.all(
        servers.map(async ({ name, uid = "" }) => {
            const preconditions = { uid };
            const remove = () =>
                serving
                    ? cluster.core.createNamespacedPodEviction({
                          name,
                          namespace,
                          body: { metadata: { name, namespace }, deleteOptions: { preconditions } },
                      })
                    : cluster.core.deleteNamespacedPod({ name, namespace, body: { preconditions } });
            const answer = await request(cluster, `delete pod ${name} in ${namespace}`, remove).catch(
                (error: unknown) => {
                    const status = error instanceof ConnectionError ? httpStatus(error.cause) : undefined;
                    // What is to be done is decided again.
                    if (status !== TOO_MANY_REQUESTS && status !== CONFLICT) {
                        throw error;
                    }
                },
            );
            if (answer === 403) {
                throw notAllowed(
                    "delete pods",
                    namespace,
                    answer,
                    "Ask for the permissions to delete pods and to create pods/eviction",
                );
            }
        }),
    );
}
