/** Which pods go to which nodes, as far as that can be known before there is a cluster. */

import { bytes, cores } from "../common/quantity.ts";
import type { Environment, ProjectConfig } from "../config/schema/environment.ts";
import {
    type GkeConfig,
    type NodePoolConfig,
    poolsFor,
    SERVER_TYPES,
    type ServerType,
} from "../config/schema/gke.ts";
import { allocatable, fits, type Resources } from "./machineTypes.ts";

/** One server of a Project. */
export interface Pod extends Resources {
    readonly project: string;
    readonly set: ServerType;
}

export interface PackedNode {
    readonly pool: NodePoolConfig;
    readonly zone: string;
    readonly pods: readonly Pod[];
}

export interface Packing {
    /** Every node that is needed. A pool's are more than maxPerZone in a zone where its nodes do not suffice. */
    readonly nodes: readonly PackedNode[];
    /** Pods that no machine of their pools takes, not even an empty one. */
    readonly tooLarge: readonly Pod[];
}

type Packable = Pick<Environment, "projects" | "zones">;

/** What one server of a set asks for, and how many of them there are. */
export function serversOf(
    project: ProjectConfig,
    set: ServerType,
): { readonly pod: Pod; readonly count: number } {
    const { cpu, memory } = project[set];
    return {
        pod: { project: project.name, set, cpu: cores(cpu), memory: bytes(memory) },
        count: set === "kafka" ? project.kafka.brokers : project.zookeeper.servers,
    };
}

/**
 * The zone of each pod: as many of a set in each, give or take one, as its spread demands. Those that are over go
 * where the least CPU is asked for yet.
 */
function inZones({ projects, zones }: Packable): [zone: string, pod: Pod][] {
    const load = new Map(zones.map((zone) => [zone, 0]));
    const placed: [string, Pod][] = [];
    for (const project of projects) {
        for (const set of SERVER_TYPES) {
            const { pod, count } = serversOf(project, set);
            for (let left = count; left > 0; left -= zones.length) {
                const round = [...zones].sort((a, b) => load.get(a)! - load.get(b)!).slice(0, left);
                for (const zone of round) {
                    placed.push([zone, pod]);
                    load.set(zone, load.get(zone)! + pod.cpu);
                }
            }
        }
    }
    return placed;
}

interface OpenNode extends PackedNode {
    readonly pods: Pod[];
    left: Resources;
}

/**
 * First fit, in the order of the stack file: pods that run already do not move when a Project is added at its end.
 * Pods of one set of a Project never share a node; those of different Projects do. Kubernetes' scheduler may need
 * more nodes where it finds an order that wastes more, though not where nodes take one pod each.
 */
export function pack(environment: Packable, gke: GkeConfig): Packing {
    const room = new Map(gke.nodePools.map((pool) => [pool.name, allocatable(pool.machineType)]));
    const byZone = new Map(environment.zones.map((zone): [string, OpenNode[]] => [zone, []]));
    const tooLarge: Pod[] = [];

    for (const [zone, pod] of inZones(environment)) {
        const nodes = byZone.get(zone)!;
        const isFull = (pool: NodePoolConfig) =>
            nodes.filter((node) => node.pool === pool).length >= pool.maxPerZone;
        const pools = poolsFor(gke, pod.set).filter((pool) => {
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
                its.servers.includes(pod.set) &&
                fits(pod, left) &&
                !pods.some(({ project, set }) => project === pod.project && set === pod.set),
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

/** Nodes of a pool in each of its zones that pods are on. */
export function nodesUsed(
    { nodes }: Packing,
    pool: Pick<NodePoolConfig, "name" | "zones">,
): Map<string, number> {
    const used = new Map(pool.zones.map((zone) => [zone, 0]));
    for (const node of nodes) {
        if (node.pool.name === pool.name) {
            used.set(node.zone, (used.get(node.zone) ?? 0) + 1);
        }
    }
    return used;
}
