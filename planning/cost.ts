/** What an environment will cost, as an estimate: list prices, without discounts, taxes, and what people send in and out. */

import { bytes } from "../common/quantity.ts";
import { type Environment, isGoogleDisk, type ProjectConfig } from "../config/schema/environment.ts";
import {
    type GkeConfig,
    type NodePoolConfig,
    regionOf,
    SERVER_TYPES,
    type ServerType,
} from "../config/schema/gke.ts";
import { nodesUsed, type Packing, serversOf } from "./binPacking.ts";
import { crossZoneTraffic } from "./crossZoneTraffic.ts";
import { allocatable, familyOf } from "./machineTypes.ts";
import { CLUSTER_MONTH, diskMonth, MONTH_HOURS, machineMonth, ZONE_TRAFFIC_GB } from "./pricing.ts";

/** USD a month throughout; null is what has no price. */
export interface ProjectCost {
    /** Its share of the nodes: of a machine's price for CPU and memory as much as it asks for of what pods may have. */
    readonly machines: number | null;
    readonly disks: number | null;
    /** Between zones. Null without a `need`, which alone says how much is sent. */
    readonly traffic: number | null;
    /** All that is known of the three, or null where machines or disks have no price. */
    readonly total: number | null;
}

export interface Cost {
    /** In the order of `projects`. */
    readonly projects: readonly ProjectCost[];
    /** All nodes with their boot disks, whoever uses them. */
    readonly nodes: number;
    readonly disks: number;
    readonly traffic: number;
    readonly cluster: number;
    /** Sum of all that has a price. */
    readonly total: number;
    /** What the sums lack. */
    readonly noPrice: readonly string[];
}

type Priced = Pick<Environment, "projects" | "zones" | "storageClasses">;

/** The cost of an environment in a month of 730 hours, with the nodes of a packing or minPerZone if that is more. */
export function costOf(environment: Priced, gke: GkeConfig, packing: Packing): Cost {
    const region = regionOf(gke.location);
    const noPrice = new Set<string>();
    const projects = environment.projects.map((project): ProjectCost => {
        const machines = machinesShare(project, packing, region);
        const disks = disksOf(project, environment, region, noPrice);
        const sent = crossZoneTraffic(project, environment.zones.length);
        const traffic = sent === undefined ? null : (sent / 1e9) * MONTH_HOURS * 3600 * ZONE_TRAFFIC_GB;
        const total = machines === null || disks === null ? null : machines + disks + (traffic ?? 0);
        return { machines, disks, traffic, total };
    });
    const nodes = sum(gke.nodePools.map((pool) => nodesMonth(pool, packing, region, noPrice)));
    const disks = sum(projects.map((project) => project.disks));
    const traffic = sum(projects.map((project) => project.traffic));
    const total = nodes + disks + traffic + CLUSTER_MONTH;
    return { projects, nodes, disks, traffic, cluster: CLUSTER_MONTH, total, noPrice: [...noPrice] };
}

const sum = (amounts: readonly (number | null)[]): number =>
    amounts.reduce<number>((all, amount) => all + (amount ?? 0), 0);

/** Price of a node without its disk. Spot prices change from day to day: there is none to go by. */
function priceOf({ spot, machineType }: NodePoolConfig, region: string) {
    return spot ? undefined : machineMonth(machineType, region);
}

function machinesShare(project: ProjectConfig, packing: Packing, region: string): number | null {
    let all = 0;
    for (const { pool, pods } of packing.nodes) {
        for (const pod of pods) {
            if (pod.project !== project.name) {
                continue;
            }
            const price = priceOf(pool, region);
            const room = allocatable(pool.machineType);
            if (!price || !room) {
                return null;
            }
            all += (price.cpu * pod.cpu) / room.cpu + (price.memory * pod.memory) / room.memory;
        }
    }
    return all;
}

/** Nodes of a pool that there will be in each zone. */
export function nodesKept(pool: NodePoolConfig, packing: Packing): Map<string, number> {
    return new Map(
        [...nodesUsed(packing, pool)].map(([zone, used]) => [zone, Math.max(used, pool.minPerZone)]),
    );
}

function nodesMonth(pool: NodePoolConfig, packing: Packing, region: string, noPrice: Set<string>): number {
    const { type, size } = pool.bootDisk;
    const machine = priceOf(pool, region);
    const disk = diskMonth(type, bytes(size), region);
    if (!machine) {
        noPrice.add(pool.spot ? `spot nodes of pool ${pool.name}` : `${familyOf(pool.machineType)} machines`);
    }
    if (disk === undefined) {
        noPrice.add(`${type} disks`);
    }
    const node = (machine ? machine.cpu + machine.memory : 0) + (disk ?? 0);
    return node * [...nodesKept(pool, packing).values()].reduce((all, nodes) => all + nodes, 0);
}

function disksOf(
    project: ProjectConfig,
    { storageClasses }: Pick<Environment, "storageClasses">,
    region: string,
    noPrice: Set<string>,
): number | null {
    const prices = SERVER_TYPES.map((set): number | null => {
        const { size, storageClass } = project[set].disk;
        const found = storageClasses.find(({ name }) => name === storageClass);
        const type = found && isGoogleDisk(found) ? found.disk : undefined;
        const price = type === undefined ? undefined : diskMonth(type, bytes(size), region);
        if (price === undefined) {
            noPrice.add(`${type ?? storageClass} disks`);
        }
        return price === undefined ? null : price * serversOf(project, set).count;
    });
    return prices.includes(null) ? null : sum(prices);
}

/** Bytes of all volumes of a Project's set. */
export function diskBytes(project: ProjectConfig, set: ServerType): number {
    return bytes(project[set].disk.size) * serversOf(project, set).count;
}
