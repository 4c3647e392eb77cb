/**
 * What an environment will cost, as an estimate: list prices less the discount for sustained use, without those for
 * commitments, taxes, and traffic to the internet.
 */

import { regionOf } from "../common/google/locations.ts";
import { bytes } from "../common/quantity.ts";
import { nodesUsed, type Packing } from "./binPacking.ts";
import { crossZoneTraffic } from "./crossZoneTraffic.ts";
import { allocatable, familyOf } from "./machineTypes.ts";
import { managedKafkaMonth } from "./managedKafka.ts";
import { metricsMonth } from "./metricsCost.ts";
import {
    allPools,
    type NodePool,
    type NodePools,
    type PlannedEnvironment,
    type PlannedProject,
    SERVER_TYPES,
    type ServerType,
} from "./model.ts";
import { CLUSTER_MONTH, diskMonth, machineMonth, zoneTrafficMonth } from "./pricing.ts";

/** USD per month; null where there is no price. */
export interface ProjectCost {
    /** Its share of the nodes: of a machine's price for CPU and memory, what its pods request of the allocatable. */
    readonly machines: number | null;
    readonly disks: number | null;
    /** Between zones. Null without requirements, which alone say how much is sent. */
    readonly traffic: number | null;
    /** Of the traffic, what it does not cost if every consumer sets its `client.rack`; 0 without follower fetching. */
    readonly avoidableTraffic: number;
    /** Its Kafka on Google's Managed Service for Apache Kafka, at the prices of one region. */
    readonly managedKafka: number;
    /** Sum of those that are known, or null where machines or disks have no price. */
    readonly total: number | null;
}

export interface Cost {
    /** In the order of `projects`. */
    readonly projects: readonly ProjectCost[];
    /** All nodes with their boot disks, used or not. */
    readonly nodes: number;
    readonly disks: number;
    readonly traffic: number;
    readonly avoidableTraffic: number;
    readonly managedKafka: number;
    readonly cluster: number;
    /** Metrics that Google's Managed Service for Prometheus collects. */
    readonly metrics: number;
    /** Sum of all that has a price. */
    readonly total: number;
    /** What is missing from the sums. */
    readonly noPrice: readonly string[];
}

type Priced = Pick<PlannedEnvironment, "projects" | "zones" | "storageClasses" | "monitoring">;

/** The cost of an environment in a month of 730 hours, with the nodes of a packing or minPerZone if that is more. */
export function costOf(environment: Priced, gke: NodePools, packing: Packing): Cost {
    const region = regionOf(gke.location);
    const noPrice = new Set<string>();
    const projects = environment.projects.map((project): ProjectCost => {
        const machines = machinesShare(project, packing, region);
        const disks = disksOf(project, environment, region, noPrice);
        const sent = crossZoneTraffic(project, environment.zones.length);
        const traffic = sent === undefined ? null : zoneTrafficMonth(sent.written + sent.read);
        const total = machines === null || disks === null ? null : machines + disks + (traffic ?? 0);
        return {
            machines,
            disks,
            traffic,
            avoidableTraffic: zoneTrafficMonth(sent?.avoidable ?? 0),
            managedKafka: managedKafkaMonth(project),
            total,
        };
    });
    const nodes = sum(allPools(gke).map((pool) => nodesMonth(pool, packing, region, noPrice)));
    const disks = sum(projects.map((project) => project.disks));
    const traffic = sum(projects.map((project) => project.traffic));
    const metrics = metricsMonth(environment);
    const total = nodes + disks + traffic + CLUSTER_MONTH + metrics;
    return {
        projects,
        nodes,
        disks,
        traffic,
        avoidableTraffic: sum(projects.map((project) => project.avoidableTraffic)),
        managedKafka: sum(projects.map((project) => project.managedKafka)),
        cluster: CLUSTER_MONTH,
        metrics,
        total,
        noPrice: [...noPrice],
    };
}

const sum = (amounts: readonly (number | null)[]): number =>
    amounts.reduce<number>((all, amount) => all + (amount ?? 0), 0);

/** Price of a node without its disk. Spot prices change from day to day, so spot nodes have none. */
function priceOf({ spot, machineType }: NodePool, region: string) {
    return spot ? undefined : machineMonth(machineType, region);
}

function machinesShare(project: PlannedProject, packing: Packing, region: string): number | null {
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

/** Nodes of a pool in each zone: those used, or minPerZone if that is more. */
export function nodesKept(pool: NodePool, packing: Packing): Map<string, number> {
    return new Map(
        [...nodesUsed(packing, pool)].map(([zone, used]) => [zone, Math.max(used, pool.minPerZone)]),
    );
}

function nodesMonth(pool: NodePool, packing: Packing, region: string, noPrice: Set<string>): number {
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
    project: PlannedProject,
    { storageClasses }: Pick<PlannedEnvironment, "storageClasses">,
    region: string,
    noPrice: Set<string>,
): number | null {
    const prices = SERVER_TYPES.map((server): number | null => {
        const { size, storageClass } = project[server].disk;
        const type = storageClasses.find(({ name }) => name === storageClass)?.disk;
        const price = type === undefined ? undefined : diskMonth(type, bytes(size), region);
        if (price === undefined) {
            noPrice.add(`${type ?? storageClass} disks`);
        }
        return price === undefined ? null : price * volumesOf(project, server);
    });
    return prices.includes(null) ? null : sum(prices);
}

const volumesOf = ({ kafka, zookeeper }: PlannedProject, server: ServerType): number =>
    server === "kafka" ? kafka.brokers : zookeeper.servers;

/** Bytes of all volumes of a Project. */
export function diskBytes(project: PlannedProject): number {
    return sum(SERVER_TYPES.map((server) => bytes(project[server].disk.size) * volumesOf(project, server)));
}
