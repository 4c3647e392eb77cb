/**
 * The arithmetic of a Kafka cluster's size. Rates are bytes a second and those of the busiest minute, unless said
 * otherwise; sizes are bytes.
 */

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** What comes in, what goes out, and how many copies there are of each message. */
export interface PeakThroughput {
    readonly in: number;
    readonly out: number;
    readonly replicationFactor: number;
}

/** MB/s that one vCPU of a broker takes in, at full use. Source: Google's sizing guide of Managed Kafka. */
const MB_PER_CPU = 20;
/** Reading costs a quarter of writing. Source: the same. */
const READ_SHARE = 4;
/** Use of the CPUs at which a cluster still takes the loss of a broker. Source: the same. */
const TARGET_USE = 0.5;

/** What a cluster writes, with a quarter of what it reads (consumers and followers), bytes a second. */
export function weightedRate({ in: produced, out: consumed, replicationFactor }: PeakThroughput): number {
    return produced * replicationFactor + (consumed + produced * (replicationFactor - 1)) / READ_SHARE;
}

/** vCPUs of all brokers together. Source: Google's sizing guide of Managed Kafka, which takes 4 GiB with each. */
export function cpusFor(load: PeakThroughput): number {
    const cpus = weightedRate(load) / 1e6 / MB_PER_CPU / TARGET_USE;
    // A peak such as 1.2 leaves the sum a last digit above a whole number, which is no reason for one more.
    return Math.ceil(Number(cpus.toPrecision(12)));
}

/** What each broker writes to its disk, bytes a second. */
export function writePerBroker({ in: produced, replicationFactor }: PeakThroughput, brokers: number): number {
    return (produced * replicationFactor) / brokers;
}

/** What each broker sends: to consumers and to the other copies, bytes a second. */
export function sendPerBroker(
    { in: produced, out: consumed, replicationFactor }: PeakThroughput,
    brokers: number,
): number {
    return (consumed + produced * (replicationFactor - 1)) / brokers;
}

/** What a byte written to a disk of Google's takes of the network. Source: Google's documentation of Persistent Disk. */
const DISK_ON_NETWORK = 1.16;

/** What each broker takes of its machine's network outwards, as Google's disks are on the network too, bytes a second. */
export function networkPerBroker(load: PeakThroughput, brokers: number): number {
    return sendPerBroker(load, brokers) + DISK_ON_NETWORK * writePerBroker(load, brokers);
}

/** Memory for the page cache: consumers that are up to date read from it. Source: Kafka's documentation, 30 s of writes. */
export function pageCacheFor(write: number): number {
    return 30 * write;
}

/** Java heap. Source: Kafka's operators' practice of 4 to 6 GiB in production; a small broker does with a sixth. */
export function heapFor(memory: number): number {
    return Math.min(6 * GIB, Math.max(1 * GIB, Math.floor(memory / 4 / GIB) * GIB));
}

/** Share of a disk that stays free: the alert comes at 15 %. */
const FREE = 0.2;
/** Kafka deletes whole segments only, so each partition keeps up to one more. An allowance for 100 partitions. */
const SEGMENTS = 100 * 64 * MIB;

/** Largest disk, bytes. Source: Compute Engine's documentation of Persistent Disk. */
export const LARGEST_DISK = 64 * 1024 * GIB;

/** Disk of each broker for messages that are kept for so many seconds, at the average rate. */
export function diskFor(averageIn: number, seconds: number, copies: number, brokers: number): number {
    return ((averageIn * seconds * copies) / brokers + SEGMENTS) / (1 - FREE);
}

/** Partitions, copies included, that a broker carries well. Source: the limits of Amazon MSK by size of broker. */
export function partitionsFor(cpus: number): number {
    return cpus < 8 ? 1000 : cpus < 16 ? 2000 : 4000;
}

/** Threads by the vCPUs of a broker. Source: Kafka's documentation and defaults (8 for I/O, 3 for the network, 1). */
export function threadsFor(cpus: number) {
    return {
        "num.io.threads": Math.max(8, 2 * cpus),
        "num.network.threads": Math.max(3, cpus),
        "num.replica.fetchers": Math.min(4, Math.max(1, Math.floor(cpus / 2))),
        "num.recovery.threads.per.data.dir": Math.max(2, cpus),
    } as const;
}
