/** Sizing formulas of a Kafka cluster. Rates are bytes per second; sizes are bytes. */

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** What producers write and consumers read, and the replication factor. */
export interface Throughput {
    readonly in: number;
    readonly out: number;
    readonly replicationFactor: number;
}

/** Weighted MB/s that one vCPU of a broker carries, at full use. Source: Google's sizing guide of Managed Kafka. */
export const MB_PER_CPU = 20;
/** So many bytes read cost as much as one that is written. Source: the same. */
export const READS_PER_WRITE = 4;
/** Share of the CPUs that the average takes: the rest is for peaks of up to twice as much. Source: the same. */
export const TARGET_UTILIZATION = 0.5;

/** What a cluster writes, with a quarter of what it reads (consumers and followers), bytes per second. */
export function weightedRate({ in: produced, out: consumed, replicationFactor }: Throughput): number {
    return produced * replicationFactor + (consumed + produced * (replicationFactor - 1)) / READS_PER_WRITE;
}

/**
 * vCPUs of all brokers in total: the average takes half of them. Source: Google's sizing guide of Managed Kafka, which
 * takes 4 GiB with each. A peak of more than twice the average takes all of them.
 *
 * @param peak busiest minute divided by the average
 */
export function cpusFor(average: Throughput, peak: number): number {
    const cpus = (weightedRate(average) / 1e6 / MB_PER_CPU) * Math.max(1 / TARGET_UTILIZATION, peak);
    // A peak such as 1.2 leaves the sum a last digit above a whole number, which is no reason for one more.
    return Math.ceil(Number(cpus.toPrecision(12)));
}

/** What each broker writes to its disk in the busiest minute, bytes per second. */
export function writePerBroker({ in: produced, replicationFactor }: Throughput, brokers: number): number {
    return (produced * replicationFactor) / brokers;
}

/** What each broker sends then: to consumers and to followers, bytes per second. */
export function sendPerBroker(
    { in: produced, out: consumed, replicationFactor }: Throughput,
    brokers: number,
): number {
    return (consumed + produced * (replicationFactor - 1)) / brokers;
}

/** Network bytes of each byte written to a disk of Google's. Source: Google's documentation of Persistent Disk. */
export const NETWORK_PER_DISK_WRITE = 1.16;

/** Outgoing network traffic of each broker then, to its disk too, as Google's disks are on the network. */
export function networkPerBroker(peak: Throughput, brokers: number): number {
    return sendPerBroker(peak, brokers) + NETWORK_PER_DISK_WRITE * writePerBroker(peak, brokers);
}

/** Seconds of writes that the page cache holds. Source: Kafka's documentation. */
export const PAGE_CACHE_SECONDS = 30;

/** Memory for the page cache, from which consumers without lag read. */
export function pageCacheFor(write: number): number {
    return PAGE_CACHE_SECONDS * write;
}

/** Share of the memory that is Java heap, within the limits in GiB. Source: 4 to 6 GiB are usual in production. */
export const HEAP = { share: 1 / 4, min: 1, max: 6 } as const;

/** Java heap, whole GiB. */
export function heapFor(memory: number): number {
    const heap = Math.floor((memory * HEAP.share) / GIB);
    return Math.min(HEAP.max, Math.max(HEAP.min, heap)) * GIB;
}

/** Share of a disk that stays free: the alert fires at 15 %. */
export const FREE_DISK = 0.2;
/** Kafka deletes whole segments only, so each partition keeps up to one more. An allowance for 100 partitions. */
const SEGMENTS = 100 * 64 * MIB;

/** Disk of each broker for the retention, at the average rate. */
export function diskFor(
    averageIn: number,
    seconds: number,
    replicationFactor: number,
    brokers: number,
): number {
    return ((averageIn * seconds * replicationFactor) / brokers + SEGMENTS) / (1 - FREE_DISK);
}

/** Partition replicas that a broker carries well. Source: the limits of Amazon MSK by size of broker. */
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
