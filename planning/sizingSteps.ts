/** The arithmetic behind a size, step by step, for people to check. */
import { threadsFor } from "./formulas.ts";
import type { Sizing } from "./sizing.ts";

export interface Step {
    readonly what: string;
    /** How it is worked out, with the numbers in it. */
    readonly how: string;
    readonly result: string;
}

const GIB = 1024 ** 3;
const mb = (rate: number) => `${Number((rate / 1e6).toPrecision(3))}`;
const rate = (bytes: number) => `${mb(bytes)} MB/s`;

export function sizingSteps(sizing: Sizing): Step[] {
    const { average, load, seconds, weighted, cpus, brokers, machineCpus, write, network, pageCache } =
        sizing;
    const { replicationFactor } = load;
    const { kafka } = sizing.blocks;
    const threads = threadsFor(machineCpus);
    const [p, c] = [mb(load.in), mb(load.out)];
    return [
        {
            what: "busiest minute",
            how: `average x peak (${mb(average.in)} in, ${mb(average.out)} out)`,
            result: `${rate(load.in)} in, ${rate(load.out)} out`,
        },
        {
            what: "weighted rate",
            how: `${p} x ${replicationFactor} + (${c} + ${p} x ${replicationFactor - 1}) / 4`,
            result: rate(weighted),
        },
        { what: "vCPUs altogether", how: `${mb(weighted)} / 20 MB/s / 0.5`, result: `${cpus}` },
        {
            what: "brokers",
            how: `3 of up to 16 vCPUs, then more; disks to 64Ti`,
            result: `${brokers} x ${machineCpus} vCPUs`,
        },
        { what: "asks for", how: "what GKE leaves of the machine", result: `${kafka.cpu}, ${kafka.memory}` },
        { what: "heap", how: "a quarter of memory, 1 to 6 GiB", result: kafka.heap },
        {
            what: "page cache",
            how: `30 s x ${rate(write)} of each broker`,
            result: `${(pageCache / GIB).toFixed(1)} GiB of the rest`,
        },
        {
            what: "disk of each",
            how: `${mb(average.in)} x ${seconds} s x ${replicationFactor} / ${brokers}, segments, 20 % free`,
            result: `${kafka.disk.size}, ${rate(write)} of writes`,
        },
        {
            what: "network of each",
            how: `(${c} + ${p} x ${replicationFactor - 1} + 1.16 x ${p} x ${replicationFactor}) / ${brokers}`,
            result: `${rate(network)} out, disk included`,
        },
        { what: "partitions", how: "copies included, altogether", result: `up to ${sizing.partitions}` },
        {
            what: "threads",
            how: "I/O, network, fetchers",
            result: `${threads["num.io.threads"]}, ${threads["num.network.threads"]}, ${threads["num.replica.fetchers"]}`,
        },
    ];
}
