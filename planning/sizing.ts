/** Sizing: the Kafka cluster, as config spells it, that meets the requirements of a Project. */

import { LARGEST_DISK } from "../common/google/disks.ts";
import { rateOf, secondsOf } from "../common/quantity.ts";
import {
    cpusFor,
    diskFor,
    heapFor,
    networkPerBroker,
    pageCacheFor,
    partitionsFor,
    type Throughput,
    threadsFor,
    weightedRate,
    writePerBroker,
} from "./formulas.ts";
import { allocatable } from "./machineTypes.ts";
import type { Requirements } from "./model.ts";

const GIB = 1024 ** 3;

const REPLICATION_FACTOR = 3;
/** Fewest brokers of a sized cluster: one for each replica. */
export const MIN_BROKERS = REPLICATION_FACTOR;
/** Most brokers of one cluster, in config too. */
export const MAX_BROKERS = 99;
/** vCPUs of a broker's machine. Beyond 16 more brokers are better than larger ones: each restarts and recovers faster. */
const MACHINE_CPUS = [2, 4, 8, 16] as const;
/** vCPUs of the largest machine. */
export const MAX_MACHINE_CPUS = MACHINE_CPUS.at(-1)!;

/** A cluster that meets the requirements, with the figures behind it. Rates are bytes per second, sizes bytes. */
export interface Sizing {
    /** At the average. */
    readonly average: Throughput;
    /** In the busiest minute. */
    readonly peak: Throughput;
    /** The busiest minute divided by the average. */
    readonly factor: number;
    /** Retention. */
    readonly seconds: number;
    /** Of the average, by which the CPUs are counted. */
    readonly weighted: number;
    /** vCPUs of all brokers in total. */
    readonly cpus: number;
    readonly brokers: number;
    /** vCPUs of each broker's machine. */
    readonly machineCpus: number;
    /** What each broker writes to its disk. */
    readonly write: number;
    /** Outgoing network traffic of each broker, its disk included. */
    readonly network: number;
    readonly pageCache: number;
    /** Partition replicas that the cluster carries well. */
    readonly partitions: number;
    /** Blocks of config that override the environment's. */
    readonly blocks: { readonly kafka: KafkaBlock };
}

interface KafkaBlock {
    readonly brokers: number;
    readonly cpu: string;
    readonly memory: string;
    readonly heap: string;
    readonly disk: { readonly size: string };
    readonly config: Readonly<Record<string, number>>;
}

/**
 * Three brokers on machines of 2 to 16 vCPUs with 4 GiB each, then more of the largest. Where only the disks are too
 * small, more brokers of the same machine. A broker requests all that is allocatable on its machine, so that a
 * machine of twice the size does not take two.
 *
 * @throws Error where {@link requirementsError} finds one
 */
export function sizeForRequirements(requirements: Requirements): Sizing {
    const demand = demandOf(requirements);
    const shape = shapeFor(demand);
    if (typeof shape === "string") {
        throw new Error(shape);
    }
    const { average, peak, factor, seconds, cpus } = demand;
    const { brokers, machineCpus } = shape;
    const write = writePerBroker(peak, brokers);
    const { cpu, memory } = broker(machineCpus);
    return {
        average,
        peak,
        factor,
        seconds,
        weighted: weightedRate(average),
        cpus,
        brokers,
        machineCpus,
        write,
        network: networkPerBroker(peak, brokers),
        pageCache: pageCacheFor(write),
        partitions: brokers * partitionsFor(machineCpus),
        blocks: {
            kafka: {
                brokers,
                cpu: `${cpu * 1000}m`,
                memory: `${memory / GIB}Gi`,
                heap: `${heapFor(memory) / GIB}Gi`,
                disk: { size: `${diskOfEach(demand, brokers) / GIB}Gi` },
                config: { "log.retention.ms": seconds * 1000, ...threadsFor(machineCpus) },
            },
        },
    };
}

/** Why no cluster meets the requirements, or undefined where one does. */
export function requirementsError(requirements: Requirements): string | undefined {
    const shape = shapeFor(demandOf(requirements));
    return typeof shape === "string" ? shape : undefined;
}

/** Requirements as numbers. */
type Demand = Pick<Sizing, "average" | "peak" | "factor" | "seconds" | "cpus">;

function demandOf({ throughput, retention, peak: factor }: Requirements): Demand {
    // The schema accepts nothing else.
    const average = {
        in: rateOf(throughput.in)!,
        out: rateOf(throughput.out)!,
        replicationFactor: REPLICATION_FACTOR,
    };
    const peak = { ...average, in: average.in * factor, out: average.out * factor };
    return { average, peak, factor, seconds: secondsOf(retention)!, cpus: cpusFor(average, factor) };
}

/**
 * The smallest machine of which three have the CPUs, or else the largest, and the fewest of it that have room for the
 * messages too; or the error. With 4 GiB for each vCPU the CPUs run out long before the page cache does.
 */
function shapeFor(demand: Demand): { brokers: number; machineCpus: number } | string {
    const { seconds, cpus } = demand;
    // Kafka's setting is in milliseconds, and a YAML number holds no more exactly.
    if (!Number.isSafeInteger(seconds * 1000)) {
        return "keeps messages for longer than can be counted; shorten the retention";
    }
    const carries = (brokers: number, machineCpus: number) => brokers * machineCpus >= cpus;
    if (!carries(MAX_BROKERS, MAX_MACHINE_CPUS)) {
        return `needs more than ${MAX_BROKERS} brokers of ${MAX_MACHINE_CPUS} vCPUs; divide the Project`;
    }
    const machineCpus = MACHINE_CPUS.find((size) => carries(MIN_BROKERS, size)) ?? MAX_MACHINE_CPUS;
    for (let brokers = MIN_BROKERS; brokers <= MAX_BROKERS; brokers++) {
        if (carries(brokers, machineCpus) && diskOfEach(demand, brokers) <= LARGEST_DISK) {
            return { brokers, machineCpus };
        }
    }
    return `needs more than ${MAX_BROKERS} disks of ${LARGEST_DISK / 1024 / GIB}Ti; shorten the retention or divide the Project`;
}

/** What a broker requests on a machine of its own, rounded down to half a core and to GiB. */
function broker(machineCpus: number): { cpu: number; memory: number } {
    const room = allocatable(`n2-standard-${machineCpus}`)!;
    return { cpu: Math.floor(room.cpu * 2) / 2, memory: Math.floor(room.memory / GIB) * GIB };
}

/** Disk that each of so many brokers needs for the requirements, bytes. */
export function diskForRequirements(
    requirements: Requirements,
    brokers: number,
    replicationFactor: number,
): number {
    return diskOfEach(demandOf(requirements), brokers, replicationFactor);
}

/** Disk of each broker, bytes, rounded up to 10 GiB, or to 100 GiB above 1000. */
function diskOfEach(
    { average, seconds }: Demand,
    brokers: number,
    replicationFactor: number = REPLICATION_FACTOR,
): number {
    const size = diskFor(average.in, seconds, replicationFactor, brokers);
    const step = (size > 1000 * GIB ? 100 : 10) * GIB;
    return Math.ceil(size / step) * step;
}
