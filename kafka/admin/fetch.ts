/** Reading one partition without a consumer group, which kafkajs cannot: ListOffsets (2) and Fetch (1). */
import { type Decoder, errorOf, type ProtocolRequest } from "./protocol.ts";

/** Times that stand for the offsets at which a log begins and ends. */
export const EARLIEST = -2;
export const LATEST = -1;

const WAIT = 500;

/** The offset of one partition at a time. */
export const listOffsets = (topic: string, partition: number, time: number): ProtocolRequest<number> => ({
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

/**
 * Records of one partition from an offset on, as they are on the disk: the batch with the offset, and more as far as they
 * fit into `bytes`; the last may have been cut off.
 */
export const fetchRecords = (
    topic: string,
    partition: number,
    offset: number,
    bytes: number,
): ProtocolRequest<Buffer> => ({
    name: "Fetch",
    key: 1,
    version: 4,
    encode: (request) =>
        request
            .writeInt32(-1) // no replica
            .writeInt32(WAIT)
            .writeInt32(1) // bytes at least
            .writeInt32(bytes)
            .writeInt8(0) // read uncommitted
            .writeInt32(1)
            .writeString(topic)
            .writeInt32(1)
            .writeInt32(partition)
            .writeInt64(offset)
            .writeInt32(bytes),
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
