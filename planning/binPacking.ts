/** Which pods go to which nodes, as far as that can be known before there is a cluster. */

import { bytes, cores } from "../common/quantity.ts";
import { allocatable, fits, type Resources } from "./machineTypes.ts";
import type {
    NodePool,
    NodePools,
    PlannedEnvironment,
    PlannedProject,
    PodRequests,
    ServerType,
} from "./model.ts";

/** What a pod belongs to: one of the StatefulSets of servers, or a Deployment. */
export type Workload = ServerType | "bridge" | "lagExporter";

/** One pod of a Project, with its requests. */
export interface Pod extends Resources {
    readonly project: string;
    readonly workload: Workload;
}

interface PackedNode {
    readonly pool: NodePool;
    readonly zone: string;
    readonly pods: readonly Pod[];
}

export interface Packing {
    /** Every node that is needed. A pool has more than maxPerZone in a zone where its nodes do not suffice. */
    readonly nodes: readonly PackedNode[];
    /** Pods that fit on no machine of their pools, not even on an empty one. */
    readonly tooLarge: readonly Pod[];
}

type Packable = Pick<PlannedEnvironment, "projects" | "zones">;

/** All pods of a Project: one entry for each workload, with the number of its replicas. */
export function podsOf({ name, kafka, zookeeper, bridge, lagExporter }: PlannedProject): {
    readonly pod: Pod;
    readonly replicas: number;
}[] {
    const pods = (workload: Workload, { cpu, memory }: PodRequests, replicas: number) => ({
        pod: { project: name, workload, cpu: cores(cpu), memory: bytes(memory) },
        replicas,
    });
    return [
        pods("kafka", kafka, kafka.brokers),
        pods("zookeeper", zookeeper, zookeeper.servers),
        ...(bridge ? [pods("bridge", bridge, bridge.replicas)] : []),
        ...(lagExporter ? [pods("lagExporter", lagExporter, 1)] : []),
    ];
}

/** The pools that take the pods of a workload. Deployments run on the brokers' nodes. */
export function poolsFor({ nodePools }: NodePools, workload: Workload): readonly NodePool[] {
    const type = workload === "zookeeper" ? workload : "kafka";
    return nodePools.filter(({ servers }) => servers.includes(type));
}

/**
 * The zone of each pod: as many of a workload in each, give or take one, as its topology spread constraint demands.
 * Those left over go to the zones with the fewest requested CPUs so far.
 */
function inZones({ projects, zones }: Packable): [zone: string, pod: Pod][] {
    const requested = new Map(zones.map((zone) => [zone, 0]));
    const spread: [string, Pod][] = [];
    for (const { pod, replicas } of projects.flatMap(podsOf)) {
        for (let left = replicas; left > 0; left -= zones.length) {
            const round = [...zones].sort((a, b) => requested.get(a)! - requested.get(b)!).slice(0, left);
            for (const zone of round) {
                spread.push([zone, pod]);
                requested.set(zone, requested.get(zone)! + pod.cpu);
            }
        }
    }
    return spread;
}

interface OpenNode extends PackedNode {
    readonly pods: Pod[];
    left: Resources;
}

/**
 * First fit, in the order of the stack file: running pods do not move when a Project is added at its end.
 * Pods of one workload of a Project never share a node; those of different Projects do. Kubernetes' scheduler may
 * need more nodes where it finds an order that wastes more, though not where nodes take one pod each.
 */
export function pack(environment: Packable, gke: NodePools): Packing {
    const room = new Map(gke.nodePools.map((pool) => [pool.name, allocatable(pool.machineType)]));
    const byZone = new Map(environment.zones.map((zone): [string, OpenNode[]] => [zone, []]));
    const tooLarge: Pod[] = [];

    for (const [zone, pod] of inZones(environment)) {
        const nodes = byZone.get(zone)!;
        const isFull = (pool: NodePool) =>
            nodes.filter((node) => node.pool === pool).length >= pool.maxPerZone;
        const allowed = poolsFor(gke, pod.workload);
        const pools = allowed.filter((pool) => {
            const empty = room.get(pool.name);
            return pool.zones.includes(zone) && empty !== undefined && fits(pod, empty);
        });
        const pool = pools.find((candidate) => !isFull(candidate)) ?? pools[0];
        if (!pool) {
            tooLarge.push(pod);
            continue;
        }
        let node = nodes.find(
            ({ pool: its, pods, left }) =>
                allowed.includes(its) &&
                fits(pod, left) &&
                !pods.some(({ project, workload }) => project === pod.project && workload === pod.workload),
        );
        if (!node) {
            node = { pool, zone, pods: [], left: room.get(pool.name)! };
            nodes.push(node);
        }
        node.pods.push(pod);
        node.left = { cpu: node.left.cpu - pod.cpu, memory: node.left.memory - pod.memory };
    }
    return { nodes: [...byZone.values()].flat(), tooLarge };
}

/** Nodes of a pool in each of its zones that have pods. */
export function nodesUsed({ nodes }: Packing, pool: Pick<NodePool, "name" | "zones">): Map<string, number> {
    const used = new Map(pool.zones.map((zone) => [zone, 0]));
    for (const node of nodes) {
        if (node.pool.name === pool.name) {
            used.set(node.zone, (used.get(node.zone) ?? 0) + 1);
        }
    }
    return used;
}
