import { KAFKA, ZOOKEEPER } from "../../../common/names.ts";
import { ConnectionError, reasonOf } from "../../../kafka/errors.ts";
import type { KubeCluster } from "../../../kafka/kubernetes/cluster.ts";
import { type OpenProjectKafka, openProjectKafka } from "../../../kafka/open.ts";
import type { Membership } from "./decide.ts";
import { kafkaMembership } from "./kafkaMembership.ts";
import type { Server, StatefulSetRef } from "./servers.ts";
import { zookeeperMembership } from "./zookeeperMembership.ts";

export type AskMembership = (servers: readonly Server[]) => Promise<Membership>;

export interface OpenMembership {
    /** @throws ConnectionError when the servers may not be asked */
    readonly ask: AskMembership;
    close(): Promise<void>;
}

/** How the servers of a StatefulSet are asked for their membership, by what they are. */
export function openMembership(
    cluster: KubeCluster,
    { namespace, statefulSet }: StatefulSetRef,
): OpenMembership {
    if (statefulSet === ZOOKEEPER.name) {
        return {
            ask: ({ length }) => zookeeperMembership(cluster, namespace, length),
            close: async () => undefined,
        };
    }
    if (statefulSet !== KAFKA.name) {
        throw new Error(`there is no rolling update of ${statefulSet}`);
    }
    let open: OpenProjectKafka | undefined;
    return {
        ask: async () => {
            try {
                open ??= await openProjectKafka(cluster, namespace);
                return await kafkaMembership(open.kafka.admin);
            } catch (error) {
                const denied = open?.kafka.accessDenied;
                if (denied?.aborted) {
                    throw denied.reason;
                }
                if (error instanceof ConnectionError && !error.retriable) {
                    throw error;
                }
                return outage(`Kafka does not answer (${reasonOf(error)})`);
            }
        },
        close: async () => open?.kafka.close(),
    };
}

function outage(reason: string): Membership {
    return { outage: reason, last: undefined, needed: () => reason, takesPart: () => false };
}
