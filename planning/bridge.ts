/** Tasks and buffers of a bridge's MirrorMaker, by its heap. */
import { bytes } from "../common/quantity.ts";

const KIB = 2 ** 10;
const MIB = 2 ** 20;

/**
 * Heap of the workers, and of each task: measured with Kafka 3.9.2. An idle task takes 0.3 MiB. While a backlog crosses, it
 * holds what it has fetched and buffers what it sends, compressed, and each of those records once more as it is. 60 tasks
 * with the least buffers need 350 MiB, and run out of memory with 256.
 */
const WORKERS = 96 * MIB;
const TASK = 8 * MIB;
/** The least takes a record of Kafka's own limit, 1 MiB and a few bytes; the most is as much as one may be large. */
const BUFFER = { share: 1 / 8, least: MIB + 64 * KIB, most: 32 * MIB } as const;
const FETCH = { share: 1 / 16, least: 256 * KIB, most: MIB } as const;

export interface BridgeTasks {
    /** Most tasks of each flow, in their order. */
    readonly most: readonly number[];
    /** Bytes that a task buffers for sending; no record can be larger. */
    readonly buffer: number;
    /** Bytes that a task fetches at a time. */
    readonly fetch: number;
}

/**
 * One task for each partition, where the heap allows that: a task that fails or waits stops all of its partitions. What is
 * left of the heap is for partitions that are added later.
 *
 * @param tasks most tasks of each flow; default: by the heap
 * @param partitions of each flow
 */
export function bridgeTasks(
    { heap, tasks }: { readonly heap: string; readonly tasks?: number | undefined },
    partitions: readonly number[],
): BridgeTasks {
    const forTasks = Math.max(TASK, bytes(heap) - WORKERS);
    const room = Math.floor(forTasks / TASK);
    const total = partitions.reduce((sum, count) => sum + count, 0);
    const most = partitions.map((count) => {
        if (tasks !== undefined) {
            return tasks;
        }
        return total <= room ? count + room - total : Math.max(1, Math.floor((room * count) / total));
    });
    const running = partitions.reduce((sum, count, i) => sum + Math.min(count, most[i]!), 0);
    const share = forTasks / Math.max(1, running);
    return { most, buffer: within(BUFFER, share), fetch: within(FETCH, share) };
}

/** Heap with which each partition has a task of its own, bytes. */
export function heapForPartitions(partitions: number): number {
    return WORKERS + partitions * TASK;
}

function within(limits: typeof BUFFER | typeof FETCH, share: number): number {
    return Math.round(Math.min(limits.most, Math.max(limits.least, share * limits.share)));
}
