/** Whether the node pools of an environment have room for all of its Projects: told before anything is created. */

import type { ConfigIssue } from "../config/errors.ts";
import type { Environment } from "../config/schema/environment.ts";
import { type GkeConfig, type NodePoolConfig, poolsFor } from "../config/schema/gke.ts";
import { nodesUsed, type Pod, pack } from "./binPacking.ts";
import {
    allocatable,
    familyOf,
    fits,
    KNOWN_FAMILIES,
    machine,
    machineFor,
    type Resources,
} from "./machineTypes.ts";

type Places = Pick<Environment, "gke" | "projects" | "zones">;

const SERVER = { kafka: "a broker", zookeeper: "a ZooKeeper server" } as const;

/** What makes pods wait for ever: unknown machines, pods that fit on none, and too few nodes. Nothing without gke. */
export function capacityIssues({ gke, ...environment }: Places): ConfigIssue[] {
    if (!gke) {
        return [];
    }
    const unknown = machineIssues(gke);
    if (unknown.length > 0) {
        return unknown;
    }
    const { tooLarge } = pack(environment, gke);
    return tooLarge.length > 0 ? podIssues(gke, tooLarge) : poolIssues(environment, gke);
}

function machineIssues({ nodePools }: GkeConfig): ConfigIssue[] {
    return nodePools.flatMap(({ machineType }, i): ConfigIssue[] => {
        if (machine(machineType)) {
            return [];
        }
        const families = KNOWN_FAMILIES.join(", ");
        const message = `${machineType} is not a machine type known here; choose one of the families ${families}`;
        return [{ path: `gke.nodePools[${i}].machineType`, message }];
    });
}

/** One fault for each pool whose machines are too small; the machine type it names takes all of its pods. */
function podIssues(gke: GkeConfig, tooLarge: readonly Pod[]): ConfigIssue[] {
    return gke.nodePools.flatMap((pool, i): ConfigIssue[] => {
        const offer = allocatable(pool.machineType)!;
        const pods = tooLarge.filter(
            (pod) => poolsFor(gke, pod.set).find((its) => !fits(pod, allocatable(its.machineType)!)) === pool,
        );
        if (pods.length === 0) {
            return [];
        }
        const most: Resources = {
            cpu: Math.max(...pods.map(({ cpu }) => cpu)),
            memory: Math.max(...pods.map(({ memory }) => memory)),
        };
        const servers = [...new Set(pods.map(({ set, project }) => `${SERVER[set]} of ${project}`))];
        const others = servers.length > 2 ? ` and ${servers.length - 1} other kinds of servers` : "";
        const whose = others ? `${servers[0]}${others}` : servers.join(" and ");
        const better = machineFor(familyOf(pool.machineType), most) ?? anyMachineFor(most);
        const next =
            better === undefined ? "no known machine has so much; ask for less" : `${better} would do`;
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

/** Pools that need more nodes, with numbers that suffice if all of them are taken over. */
function poolIssues(environment: Pick<Places, "projects" | "zones">, gke: GkeConfig): ConfigIssue[] {
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
                message: `${pool.maxPerZone} is too few: the servers of all Projects need up to ${enough} nodes of pool ${pool.name} in ${zones.join(", ")}; set it to ${enough} or more`,
            },
        ];
    });
}

/** Nodes of each pool by zone once every pod has one. A larger pool may draw pods from another: hence all over again. */
function enoughNodes(environment: Pick<Places, "projects" | "zones">, gke: GkeConfig): Map<string, number>[] {
    const packing = pack(environment, gke);
    const used = gke.nodePools.map((pool) => nodesUsed(packing, pool));
    const nodePools = gke.nodePools.map((pool, i): NodePoolConfig => {
        const most = Math.max(...used[i]!.values());
        return most > pool.maxPerZone ? { ...pool, maxPerZone: most } : pool;
    });
    if (nodePools.every((pool, i) => pool === gke.nodePools[i])) {
        return used;
    }
    return enoughNodes(environment, { ...gke, nodePools });
}

/**
 * Pools where all nodes are taken: while one of them is away, its pods wait. An upgrade brings a node of its own.
 * `path: message` each. Nothing where {@link capacityIssues} has something to say.
 */
export function capacityWarnings(environment: Places): string[] {
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
            `gke.nodePools[${i}].maxPerZone: ${nodes} of pool ${pool.name} in ${zones} will be taken, with none to spare if one fails; ${pool.maxPerZone + 1} leave one`,
        ];
    });
}
