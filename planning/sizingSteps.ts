/** The arithmetic behind a size, step by step, for people to check. */
import { LARGEST_DISK } from "../common/google/disks.ts";
import {
    FREE_DISK,
    HEAP,
    MB_PER_CPU,
    NETWORK_PER_DISK_WRITE,
    PAGE_CACHE_SECONDS,
    READS_PER_WRITE,
    TARGET_UTILIZATION,
    threadsFor,
} from "./formulas.ts";
import { MAX_MACHINE_CPUS, MIN_BROKERS, type Sizing } from "./sizing.ts";

export interface Step {
    readonly what: string;
    /** How it is worked out, with the numbers in it. */
    readonly how: string;
    readonly result: string;
}

const GIB = 1024 ** 3;
const TIB = 1024 * GIB;
const mb = (rate: number) => `${Number((rate / 1e6).toPrecision(3))}`;
const rate = (bytes: number) => `${mb(bytes)} MB/s`;

export function sizingSteps(sizing: Sizing): Step[] {
    const {
        average,
        peak,
        factor,
        seconds,
        weighted,
        cpus,
        brokers,
        machineCpus,
        write,
        network,
        pageCache,
    } = sizing;
    const { replicationFactor } = peak;
    const { kafka } = sizing.blocks;
    const threads = threadsFor(machineCpus);
    const [p, c] = [mb(peak.in), mb(peak.out)];
    const [produced, consumed] = [mb(average.in), mb(average.out)];
    const usesPeak = factor > 1 / TARGET_UTILIZATION;
    return [
        {
            what: "busiest minute",
            how: `average x ${factor} (${produced} in, ${consumed} out)`,
            result: `${rate(peak.in)} in, ${rate(peak.out)} out`,
        },
        {
            what: "weighted average",
            how: `${produced} x ${replicationFactor} + (${consumed} + ${produced} x ${replicationFactor - 1}) / ${READS_PER_WRITE}`,
            result: rate(weighted),
        },
        {
            what: "vCPUs in total",
            how: `${mb(weighted)} / ${MB_PER_CPU} MB/s ${usesPeak ? `x ${factor}` : `/ ${TARGET_UTILIZATION}`}`,
            result: `${cpus}`,
        },
        {
            what: "brokers",
            how: `${MIN_BROKERS} of up to ${MAX_MACHINE_CPUS} vCPUs, then more; disks to ${LARGEST_DISK / TIB}Ti`,
            result: `${brokers} x ${machineCpus} vCPUs`,
        },
        {
            what: "requests",
            how: "what is allocatable on the machine",
            result: `${kafka.cpu}, ${kafka.memory}`,
        },
        {
            what: "heap",
            how: `${HEAP.share * 100} % of memory, ${HEAP.min} to ${HEAP.max} GiB`,
            result: kafka.heap,
        },
        {
            what: "page cache",
            how: `${PAGE_CACHE_SECONDS} s x ${rate(write)} of each broker`,
            result: `${(pageCache / GIB).toFixed(1)} GiB of the rest`,
        },
        {
            what: "disk of each",
            how: `${produced} x ${seconds} s x ${replicationFactor} / ${brokers}, segments, ${FREE_DISK * 100} % free`,
            result: `${kafka.disk.size}, ${rate(write)} of writes`,
        },
        {
            what: "network of each",
            how: `(${c} + ${p} x ${replicationFactor - 1} + ${NETWORK_PER_DISK_WRITE} x ${p} x ${replicationFactor}) / ${brokers}`,
            result: `${rate(network)} out, disk included`,
        },
        { what: "partitions", how: "replicas included, in total", result: `up to ${sizing.partitions}` },
        {
            what: "threads",
            how: "I/O, network, fetchers",
            result: `${threads["num.io.threads"]}, ${threads["num.network.threads"]}, ${threads["num.replica.fetchers"]}`,
        },
    ];
}
