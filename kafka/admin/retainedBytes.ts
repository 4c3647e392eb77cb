/** How much a topic holds, as one may estimate it who is allowed to read the topic and nothing else. */
import { EARLIEST, fetchRecords, LATEST, listOffsets } from "./fetch.ts";
import { metadata, type TopicMetadata } from "./metadata.ts";
import type { SharedConnections } from "./sharedConnections.ts";

/** Most bytes that are read of a topic. */
const SAMPLE = 256 * 1024;
/** Before the records, a batch has its first offset (8 bytes), the length of what follows (4), and at 23 the last offset from the first. */
const BATCH = { header: 12, length: 8, lastOffset: 23 } as const;

interface Partition {
    readonly id: number;
    readonly begin: number;
    readonly end: number;
    /** Address of its leader. */
    readonly broker: string;
}

/**
 * Estimates the bytes of one replica of a topic, compressed as they are: its offsets, times the size of some records from
 * the middle of its largest partition. DescribeLogDirs would tell them exactly, and takes permissions on the cluster.
 *
 * @throws when the topic cannot be read
 */
export async function retainedBytes(connections: SharedConnections, name: string): Promise<number> {
    const { brokers, topics } = await connections.ask(metadata([name]));
    const addresses = new Map(brokers.map(({ id, address }) => [id, address]));
    const partitions = await partitionsOf(connections, topics[0]!, addresses);
    const largest = partitions.reduce((one, other) => (length(other) > length(one) ? other : one));
    const offsets = partitions.reduce((sum, partition) => sum + length(partition), 0);
    if (offsets === 0) {
        return 0;
    }
    const middle = largest.begin + Math.floor(length(largest) / 2);
    const records = await connections.askBroker(
        largest.broker,
        fetchRecords(name, largest.id, middle, SAMPLE),
    );
    return offsets * bytesPerOffset(records);
}

const length = ({ begin, end }: Partition) => end - begin;

async function partitionsOf(
    connections: SharedConnections,
    { name, partitions }: TopicMetadata,
    addresses: ReadonlyMap<number, string>,
): Promise<Partition[]> {
    return Promise.all(
        partitions.map(async ({ partition: id, leader }) => {
            const broker = addresses.get(leader);
            if (broker === undefined) {
                throw new Error(`partition ${id} of topic ${name} has no leader`);
            }
            const offsetAt = (time: number) => connections.askBroker(broker, listOffsets(name, id, time));
            const [begin, end] = await Promise.all([offsetAt(EARLIEST), offsetAt(LATEST)]);
            return { id, begin, end, broker };
        }),
    );
}

/** Bytes of the whole batches in a piece of a log, by the offsets that they cover. Exported for tests. */
export function bytesPerOffset(records: Buffer): number {
    let bytes = 0;
    let offsets = 0;
    while (bytes + BATCH.lastOffset + 4 <= records.length) {
        const size = BATCH.header + records.readInt32BE(bytes + BATCH.length);
        // The last batch may have been cut off; of a single one the length counts.
        if (bytes + size > records.length && offsets > 0) {
            break;
        }
        offsets += records.readInt32BE(bytes + BATCH.lastOffset) + 1;
        bytes += size;
    }
    return offsets === 0 ? 0 : bytes / offsets;
}
