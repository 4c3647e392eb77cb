/** What planning knows of an environment: the part of the config that takes nodes, disks and money. */

import type { ReplicationSettings } from "../common/replication.ts";

/** Servers that a node pool may be for. */
export const SERVER_TYPES = ["kafka", "zookeeper"] as const;
export type ServerType = (typeof SERVER_TYPES)[number];

/** What a Project's clients need of its cluster: the input of sizing. */
export interface Requirements {
    /** Rates such as `30MB/s`, on average: what all producers write, and what all consumers read. */
    readonly throughput: { readonly in: string; readonly out: string };
    /** How long messages are kept, such as `24h`. */
    readonly retention: string;
    /** Busiest minute divided by the average. */
    readonly peak: number;
}

/** Requests of one pod, as Kubernetes quantities. */
export interface PodRequests {
    readonly cpu: string;
    readonly memory: string;
}

interface ServerRequests extends PodRequests {
    readonly disk: { readonly size: string; readonly storageClass: string };
}

export interface PlannedProject {
    readonly name: string;
    readonly requirements?: Requirements;
    readonly kafka: ServerRequests &
        ReplicationSettings & {
            readonly heap: string;
            /** Broker settings by Kafka's own names. */
            readonly config: Readonly<Record<string, unknown>>;
        };
    readonly zookeeper: ServerRequests & { readonly servers: number };
    readonly topics: readonly { readonly partitions: number; readonly replicationFactor: number }[];
    /** Pods of MirrorMaker, if the Project has a bridge. */
    readonly bridge?: PodRequests & { readonly replicas: number };
    /** The pod that exports how far consumer groups are behind, if there is one. */
    readonly lagExporter?: PodRequests;
}

/** A node pool, the same size limits in each of its zones. */
export interface NodePool {
    readonly name: string;
    /** Whose pods run here. */
    readonly servers: readonly ServerType[];
    readonly machineType: string;
    readonly bootDisk: { readonly type: string; readonly size: string };
    readonly spot: boolean;
    readonly zones: readonly string[];
    readonly minPerZone: number;
    readonly maxPerZone: number;
}

/** The GKE cluster that the node pools belong to. */
export interface NodePools {
    /** Region or zone. */
    readonly location: string;
    /** Pools of the servers. */
    readonly nodePools: readonly NodePool[];
    /** Pool of the cluster's own pods, where the program creates the cluster; it is for no servers. */
    readonly systemPool?: NodePool;
}

/** Every pool whose nodes are paid for. */
export function allPools<Pool extends NodePool>({
    nodePools,
    systemPool,
}: {
    readonly nodePools: readonly Pool[];
    readonly systemPool?: Pool;
}): readonly Pool[] {
    return systemPool ? [...nodePools, systemPool] : nodePools;
}

export interface PlannedEnvironment {
    /** Absent where the program creates no nodes. */
    readonly gke?: NodePools;
    readonly projects: readonly PlannedProject[];
    readonly zones: readonly string[];
    /** `disk` is the type of Google's disk, of classes that have one. */
    readonly storageClasses: readonly { readonly name: string; readonly disk?: string }[];
    /** What collects the metrics, and how often, s. */
    readonly monitoring: { readonly collector: string; readonly interval: number };
    /** Settings that work but are not recommended: `path: message` each. */
    readonly warnings: readonly string[];
}
