import {
    COMPONENT_LABEL,
    caAnnotation,
    KAFKA,
    type PodCas,
    type Trust,
    ZOOKEEPER,
} from "../../common/names.ts";
import { ConnectionError, lineOf } from "../../kafka/errors.ts";
import { request } from "../../kafka/kubernetes/cluster.ts";
import { clusterOf, notAllowed } from "../cluster.ts";
import type { ServerCas } from "../handlers/caRotation.ts";
import type { TrustingServers } from "../resources/certificate.ts";

/** Who shows certificates of a CA, and trusts it: brokers are ZooKeeper's clients. */
const SERVERS: Readonly<Record<Trust, readonly string[]>> = {
    cluster: [KAFKA.name],
    ensemble: [ZOOKEEPER.name, KAFKA.name],
};

/**
 * The CAs of the servers that run, by their pods.
 * @throws Error of one line that ends in a hint where they cannot be read
 */
export async function readServerCas({
    cluster: target,
    namespace,
    trust,
}: TrustingServers): Promise<ServerCas[]> {
    try {
        const cluster = clusterOf(target);
        const pods = await request(cluster, `list the servers' pods in ${namespace}`, () =>
            cluster.core.listNamespacedPod({
                namespace,
                labelSelector: `${COMPONENT_LABEL} in (${SERVERS[trust].join()})`,
            }),
        );
        if (typeof pods === "number") {
            throw notAllowed("list pods", namespace, pods);
        }
        return pods.items
            .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
            .map(({ metadata }) => {
                const told = metadata?.annotations?.[caAnnotation(trust)];
                return {
                    server: metadata?.name ?? "",
                    cas: told === undefined ? undefined : (JSON.parse(told) as PodCas),
                };
            })
            .sort((one, other) => one.server.localeCompare(other.server));
    } catch (error) {
        throw error instanceof ConnectionError ? new Error(lineOf(error)) : error;
    }
}
