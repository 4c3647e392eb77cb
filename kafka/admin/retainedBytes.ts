/** How much a topic holds, as one may estimate it who is allowed to read the topic and nothing else. */
import { metadata, type TopicMetadata } from "./metadata.ts";
import { type Decoder, errorOf, type ProtocolRequest } from "./protocol.ts";
import type { SharedConnections } from "./sharedConnections.ts";

/** Times that stand for the offsets at which a log begins and ends. */
const EARLIEST = -2;
const LATEST = -1;
/** Most bytes that are read of a topic. */
const SAMPLE = 256 * 1024;
const WAIT = 500;
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
 * Estimates the bytes of one replica of each topic, compressed as they are: its offsets, times the size of some records
 * from the middle of its largest partition. DescribeLogDirs would tell them exactly, and takes permissions on the cluster.
 *
 * @throws when a topic cannot be read
 */
export async function retainedBytes(
    connections: SharedConnections,
    names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
    const { brokers, topics } = await connections.ask(metadata(names));
    const addresses = new Map(brokers.map(({ id, address }) => [id, address]));
    const sizes = await Promise.all(
        topics.map(async (topic) => {
            const partitions = await partitionsOf(connections, topic, addresses);
            const largest = partitions.reduce((one, other) => (length(other) > length(one) ? other : one));
            const offsets = partitions.reduce((sum, partition) => sum + length(partition), 0);
            if (offsets === 0) {
                return [topic.name, 0] as const;
            }
            const middle = largest.begin + Math.floor(length(largest) / 2);
            const records = await connections.askBroker(
                largest.broker,
                fetch(topic.name, largest.id, middle),
            );
            return [topic.name, offsets * bytesPerOffset(records)] as const;
        }),
    );
    return new Map(sizes);
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

/** ListOffsets (2): the offset of one partition at a time. */
const listOffsets = (topic: string, partition: number, time: number): ProtocolRequest<number> => ({
    name: "ListOffsets",
    key: 2,
    version: 1,
    encode: (request) =>
        request
            .writeInt32(-1) // no replica
            .writeInt32(1)
            .writeString(topic)
            .writeInt32(1)
            .writeInt32(partition)
            .writeInt64(time),
    decode: (answer) =>
        onlyPartition(answer, (found) => {
            throwError(found);
            found.readInt64(); // time
            return Number(found.readInt64());
        }),
});

/** Fetch (1): some records of one partition, as they are on the disk. */
const fetch = (topic: string, partition: number, offset: number): ProtocolRequest<Buffer> => ({
    name: "Fetch",
    key: 1,
    version: 4,
    encode: (request) =>
        request
            .writeInt32(-1) // no replica
            .writeInt32(WAIT)
            .writeInt32(1) // bytes at least
            .writeInt32(SAMPLE)
            .writeInt8(0) // read uncommitted
            .writeInt32(1)
            .writeString(topic)
            .writeInt32(1)
            .writeInt32(partition)
            .writeInt64(offset)
            .writeInt32(SAMPLE),
    decode: (answer) => {
        answer.readInt32(); // throttle time
        return onlyPartition(answer, (found) => {
            throwError(found);
            found.readInt64(); // high watermark
            found.readInt64(); // last stable offset
            found.readArray((aborted) => [aborted.readInt64(), aborted.readInt64()]);
            return found.readBytes() ?? Buffer.alloc(0);
        });
    },
});

function onlyPartition<T>(answer: Decoder, read: (partition: Decoder) => T): T {
    const [found] = answer.readArray((topic) => {
        topic.readString(); // name
        return topic.readArray((partition) => {
            partition.readInt32(); // number
            return read(partition);
        })[0]!;
    });
    return found!;
}

function throwError(partition: Decoder): void {
    const error = errorOf(partition.readInt16());
    if (error) {
        throw error;
    }
}
