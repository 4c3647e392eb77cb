/** A Kafka cluster from a need: what config would have to say of it. */
import {
    cpusFor,
    diskFor,
    heapFor,
    type Load,
    pageCacheFor,
    partitionsFor,
    sendPerBroker,
    threadsFor,
    weightedRate,
    writePerBroker,
} from "./load.ts";
import { allocatable } from "./machines.ts";
import { type Need, rateOf, secondsOf } from "./need.ts";

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
    readonly load: Load;
    readonly seconds: number;
    readonly weighted: number;
    /** vCPUs of all brokers together. */
    readonly cpus: number;
    readonly brokers: number;
    /** vCPUs of each broker's machine. */
    readonly machineCpus: number;
    readonly write: number;
    readonly send: number;
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
 * The cluster for a need: three brokers on machines of 2 to 16 vCPUs with 4 GiB each, then more of the largest. A
 * broker asks for all that GKE leaves of its machine, or else it would take half of one that is twice the size.
 *
 * @throws Error where {@link needFault} has a fault
 */
export function sizeForNeed(need: Need): Sizing {
    const fault = needFault(need);
    if (fault !== undefined) throw new Error(fault);
    return sized(need)!;
}

/** Why no cluster meets a need, or undefined where one does. */
export function needFault(need: Need): string | undefined {
    if (sized(need) !== undefined) return undefined;
    return `needs more than ${MOST_BROKERS} brokers of ${MACHINES.at(-1)} vCPUs; divide the Project`;
}

function sized({ throughput, retention, peak }: Need): Sizing | undefined {
    // The schema takes nothing else.
    const average = { in: rateOf(throughput.in)!, out: rateOf(throughput.out)! };
    const seconds = secondsOf(retention)!;
    const load = { in: average.in * peak, out: average.out * peak, copies: COPIES };
    const cpus = cpusFor(load);
    const shape = shapeFor(cpus, load);
    if (shape === undefined) return undefined;
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
        send: sendPerBroker(load, brokers),
        pageCache: pageCacheFor(write),
        partitions: brokers * partitionsFor(machineCpus),
        blocks: {
            kafka: {
                brokers,
                cpu: `${cpu * 1000}m`,
                memory: `${memory / GIB}Gi`,
                heap: `${heapFor(memory) / GIB}Gi`,
                disk: { size: `${roundedDisk(diskFor(average.in, seconds, COPIES, brokers))}Gi` },
                config: { "log.retention.ms": seconds * 1000, ...threadsFor(machineCpus) },
            },
        },
    };
}

/** The smallest three brokers that have the CPUs and the page cache, or else as many of the largest as it takes. */
function shapeFor(cpus: number, load: Load): { brokers: number; machineCpus: number } | undefined {
    const largest = MACHINES.at(-1)!;
    const enough = (brokers: number, machineCpus: number) => {
        const { memory } = broker(machineCpus);
        const cache = pageCacheFor(writePerBroker(load, brokers));
        return brokers * machineCpus >= cpus && memory - heapFor(memory) >= cache;
    };
    for (const machineCpus of MACHINES)
        if (enough(COPIES, machineCpus)) return { brokers: COPIES, machineCpus };
    for (let brokers = COPIES + 1; brokers <= MOST_BROKERS; brokers++)
        if (enough(brokers, largest)) return { brokers, machineCpus: largest };
    return undefined;
}

/** What a broker asks for on a machine of its own, rounded down to half a core and to GiB. */
function broker(machineCpus: number): { cpu: number; memory: number } {
    const room = allocatable(`n2-standard-${machineCpus}`)!;
    return { cpu: Math.floor(room.cpu * 2) / 2, memory: Math.floor(room.memory / GIB) * GIB };
}

/** Disks grow in steps that people read, and never shrink. */
function roundedDisk(size: number): number {
    const step = size > 1000 * GIB ? 100 : 10;
    return Math.max(10, Math.ceil(size / GIB / step) * step);
}
