/** Whether the node pools of an environment have room for all of its Projects, before anything is created. */

import type { ConfigIssue } from "../common/configIssue.ts";
import { nodesUsed, type Pod, pack, poolsFor } from "./binPacking.ts";
import {
    allocatable,
    CLUSTER_PODS,
    familyOf,
    fits,
    KNOWN_FAMILIES,
    machine,
    machineFor,
    type Resources,
} from "./machineTypes.ts";
import { allPools, type NodePool, type NodePools, type PlannedEnvironment } from "./model.ts";

type Placeable = Pick<PlannedEnvironment, "gke" | "projects" | "zones">;

const POD = {
    kafka: "a broker",
    zookeeper: "a ZooKeeper server",
    bridge: "a bridge pod",
    lagExporter: "the lag exporter",
} as const;

/** What leaves pods pending: unknown machine types, pods that fit on none, and too few nodes. None without gke. */
export function capacityIssues({ gke, ...environment }: Placeable): ConfigIssue[] {
    if (!gke) {
        return [];
    }
    const unknown = machineIssues(gke);
    if (unknown.length > 0) {
        return unknown;
    }
    const { tooLarge } = pack(environment, gke);
    return [
        ...systemPoolIssues(gke),
        ...(tooLarge.length > 0 ? podIssues(gke, tooLarge) : poolIssues(environment, gke)),
    ];
}

function machineIssues(gke: NodePools): ConfigIssue[] {
    return allPools(gke).flatMap((pool): ConfigIssue[] => {
        if (machine(pool.machineType)) {
            return [];
        }
        const families = KNOWN_FAMILIES.join(", ");
        const message = `${pool.machineType} is not a known machine type; choose one of the families ${families}`;
        return [{ path: `${poolPath(gke, pool)}.machineType`, message }];
    });
}

function poolPath({ nodePools, systemPool }: NodePools, pool: NodePool): string {
    return pool === systemPool ? "gke.create.systemPool" : `gke.nodePools[${nodePools.indexOf(pool)}]`;
}

/** One node must do for the cluster's own pods: with DNS pending, no server finds another. */
function systemPoolIssues(gke: NodePools): ConfigIssue[] {
    const { systemPool } = gke;
    const room = systemPool && allocatable(systemPool.machineType);
    if (!room || fits(CLUSTER_PODS, room)) {
        return [];
    }
    const better = machineFor(familyOf(systemPool.machineType), CLUSTER_PODS);
    return [
        {
            path: `${poolPath(gke, systemPool)}.machineType`,
            message: `${systemPool.machineType} has room for ${roomText(room, Math.floor)}, too little for the cluster's own pods, which need up to ${roomText(CLUSTER_PODS, Math.ceil)}; use ${better}`,
        },
    ];
}

/** One error for each pool whose machines are too small; the machine type it names takes all of its pods. */
function podIssues(gke: NodePools, tooLarge: readonly Pod[]): ConfigIssue[] {
    return gke.nodePools.flatMap((pool, i): ConfigIssue[] => {
        const offer = allocatable(pool.machineType)!;
        const pods = tooLarge.filter(
            (pod) =>
                poolsFor(gke, pod.workload).find((its) => !fits(pod, allocatable(its.machineType)!)) === pool,
        );
        if (pods.length === 0) {
            return [];
        }
        const most: Resources = {
            cpu: Math.max(...pods.map(({ cpu }) => cpu)),
            memory: Math.max(...pods.map(({ memory }) => memory)),
        };
        const names = [...new Set(pods.map(({ workload, project }) => `${POD[workload]} of ${project}`))];
        const whose =
            names.length > 2 ? `${names[0]} and ${names.length - 1} other workloads` : names.join(" and ");
        const better = machineFor(familyOf(pool.machineType), most) ?? anyMachineFor(most);
        const next =
            better === undefined ? "no known machine type has that much; request less" : `use ${better}`;
        return [
            {
                path: `gke.nodePools[${i}].machineType`,
                message: `${pool.machineType} has room for ${roomText(offer, Math.floor)}, too little for ${whose}, which need up to ${roomText(most, Math.ceil)}; ${next}`,
            },
        ];
    });
}

function anyMachineFor(pod: Resources): string | undefined {
    return KNOWN_FAMILIES.map((family) => machineFor(family, pod)).find((type) => type !== undefined);
}

/** `3.46 CPUs and 12.1 GiB`, rounded so that it promises no more than there is. */
function roomText({ cpu, memory }: Resources, round: (value: number) => number): string {
    // A thousandth first: 0.29 * 100 is a little less than 29.
    const cpus = round(Math.round(cpu * 1000) / 10) / 100;
    return `${cpus} ${cpus === 1 ? "CPU" : "CPUs"} and ${round((memory / 1024 ** 3) * 10) / 10} GiB`;
}

/** Pools that need more nodes, with numbers that suffice if all of them are set. */
function poolIssues(environment: Pick<Placeable, "projects" | "zones">, gke: NodePools): ConfigIssue[] {
    const used = enoughNodes(environment, gke);
    return gke.nodePools.flatMap((pool, i): ConfigIssue[] => {
        const enough = Math.max(...used[i]!.values());
        if (enough <= pool.maxPerZone) {
            return [];
        }
        const zones = [...used[i]!].filter(([, nodes]) => nodes > pool.maxPerZone).map(([zone]) => zone);
        return [
            {
                path: `gke.nodePools[${i}].maxPerZone`,
                message: `${pool.maxPerZone} is too few: the pods of all Projects need up to ${enough} nodes of pool ${pool.name} in ${zones.join(", ")}; set it to ${enough} or more`,
            },
        ];
    });
}

/** Nodes of each pool by zone once every pod has one. A larger pool may draw pods from another: hence again. */
function enoughNodes(
    environment: Pick<Placeable, "projects" | "zones">,
    gke: NodePools,
): Map<string, number>[] {
    const packing = pack(environment, gke);
    const used = gke.nodePools.map((pool) => nodesUsed(packing, pool));
    const nodePools = gke.nodePools.map((pool, i): NodePool => {
        const most = Math.max(...used[i]!.values());
        return most > pool.maxPerZone ? { ...pool, maxPerZone: most } : pool;
    });
    if (nodePools.every((pool, i) => pool === gke.nodePools[i])) {
        return used;
    }
    return enoughNodes(environment, { ...gke, nodePools });
}

/**
 * Pools that use all of their nodes: while one of them is down, its pods stay pending. `path: message` each; none
 * where {@link capacityIssues} finds an error. An upgrade brings a surge node of its own.
 */
export function capacityWarnings(environment: Placeable): string[] {
    const { gke } = environment;
    if (!gke || capacityIssues(environment).length > 0) {
        return [];
    }
    const packing = pack(environment, gke);
    return gke.nodePools.flatMap((pool, i) => {
        const full = [...nodesUsed(packing, pool)].filter(([, used]) => used >= pool.maxPerZone);
        if (full.length === 0) {
            return [];
        }
        const zones = full.map(([zone]) => zone).join(", ");
        const nodes = pool.maxPerZone === 1 ? "the only node" : `all ${pool.maxPerZone} nodes`;
        return [
            `gke.nodePools[${i}].maxPerZone: ${nodes} of pool ${pool.name} in ${zones} will be in use, with none to spare if one fails; ${pool.maxPerZone + 1} leave one`,
        ];
    });
}
