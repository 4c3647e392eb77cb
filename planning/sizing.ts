/** A Kafka cluster from a need: what config would have to say of it. */

import { type Requirements, rateOf, secondsOf } from "../config/schema/requirements.ts";
import {
    cpusFor,
    diskFor,
    heapFor,
    LARGEST_DISK,
    networkPerBroker,
    type PeakThroughput,
    pageCacheFor,
    partitionsFor,
    threadsFor,
    weightedRate,
    writePerBroker,
} from "./formulas.ts";
import { allocatable } from "./machineTypes.ts";

const GIB = 1024 ** 3;

/** Copies of each message. */
const COPIES = 3;
/** Most brokers of one cluster, as in config. */
const MOST_BROKERS = 99;
/** vCPUs of a broker's machine. Beyond 16 more brokers do better than larger ones: each rolls and recovers faster. */
const MACHINES = [2, 4, 8, 16] as const;

/** A cluster that meets a need, with the figures that lead to it. Rates are bytes a second, sizes bytes. */
export interface Sizing {
    /** At the average. */
    readonly average: { readonly in: number; readonly out: number };
    /** In the busiest minute. */
    readonly load: PeakThroughput;
    readonly seconds: number;
    readonly weighted: number;
    /** vCPUs of all brokers together. */
    readonly cpus: number;
    readonly brokers: number;
    /** vCPUs of each broker's machine. */
    readonly machineCpus: number;
    readonly write: number;
    /** What each broker takes of its machine's network outwards, its disk included. */
    readonly network: number;
    readonly pageCache: number;
    /** Partitions with all their copies that the cluster carries well. */
    readonly partitions: number;
    /** What is laid over the environment's blocks. */
    readonly blocks: { readonly kafka: KafkaBlock };
}

export interface KafkaBlock {
    readonly brokers: number;
    readonly cpu: string;
    readonly memory: string;
    readonly heap: string;
    readonly disk: { readonly size: string };
    readonly config: Readonly<Record<string, number>>;
}

/**
 * The cluster for a need: three brokers on machines of 2 to 16 vCPUs with 4 GiB each, then more of the largest. Where
 * only the disks are too small, more brokers of the same machine. A broker asks for all that GKE leaves of its
 * machine, or else it would take half of one that is twice the size.
 *
 * @throws Error where {@link requirementsError} has a fault
 */
export function sizeForRequirements(need: Requirements): Sizing {
    const demand = demandOf(need);
    const shape = shapeFor(demand);
    if (typeof shape === "string") {
        throw new Error(shape);
    }
    const { average, load, seconds, cpus } = demand;
    const { brokers, machineCpus } = shape;
    const write = writePerBroker(load, brokers);
    const { cpu, memory } = broker(machineCpus);
    return {
        average,
        load,
        seconds,
        weighted: weightedRate(load),
        cpus,
        brokers,
        machineCpus,
        write,
        network: networkPerBroker(load, brokers),
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

/** Why no cluster meets a need, or undefined where one does. */
export function requirementsError(need: Requirements): string | undefined {
    const shape = shapeFor(demandOf(need));
    return typeof shape === "string" ? shape : undefined;
}

/** A need in numbers. */
type Demand = Pick<Sizing, "average" | "load" | "seconds" | "cpus">;

function demandOf({ throughput, retention, peak }: Requirements): Demand {
    // The schema takes nothing else.
    const average = { in: rateOf(throughput.in)!, out: rateOf(throughput.out)! };
    const load = { in: average.in * peak, out: average.out * peak, replicationFactor: COPIES };
    return { average, load, seconds: secondsOf(retention)!, cpus: cpusFor(load) };
}

/**
 * The smallest machine of which three have the CPUs, or else the largest, and the fewest of it that have room for the
 * messages too; or why there is none. With 4 GiB for each vCPU the CPUs give out long before the page cache does.
 */
function shapeFor(demand: Demand): { brokers: number; machineCpus: number } | string {
    const { seconds, cpus } = demand;
    // Kafka's setting is in milliseconds, and a YAML number holds no more exactly.
    if (!Number.isSafeInteger(seconds * 1000)) {
        return "keeps messages for longer than can be counted; shorten the retention";
    }
    const largest = MACHINES.at(-1)!;
    const carries = (brokers: number, machineCpus: number) => brokers * machineCpus >= cpus;
    if (!carries(MOST_BROKERS, largest)) {
        return `needs more than ${MOST_BROKERS} brokers of ${largest} vCPUs; divide the Project`;
    }
    const machineCpus = MACHINES.find((size) => carries(COPIES, size)) ?? largest;
    for (let brokers = COPIES; brokers <= MOST_BROKERS; brokers++) {
        if (carries(brokers, machineCpus) && diskOfEach(demand, brokers) <= LARGEST_DISK) {
            return { brokers, machineCpus };
        }
    }
    return `needs more than ${MOST_BROKERS} disks of 64Ti; shorten the retention or divide the Project`;
}

/** What a broker asks for on a machine of its own, rounded down to half a core and to GiB. */
function broker(machineCpus: number): { cpu: number; memory: number } {
    const room = allocatable(`n2-standard-${machineCpus}`)!;
    return { cpu: Math.floor(room.cpu * 2) / 2, memory: Math.floor(room.memory / GIB) * GIB };
}

/** Disk of each broker, bytes, in steps that people read. */
function diskOfEach({ average, seconds }: Demand, brokers: number): number {
    const size = diskFor(average.in, seconds, COPIES, brokers);
    const step = (size > 1000 * GIB ? 100 : 10) * GIB;
    return Math.ceil(size / step) * step;
}
