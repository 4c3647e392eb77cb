/** What brokers have on their disks: DescribeLogDirs (35) of Kafka's protocol. */
import { metadata } from "./metadata.ts";
import { type Decoder, errorOf, type ProtocolRequest } from "./protocol.ts";
import type { SharedConnections } from "./sharedConnections.ts";

/** The disk of a broker. */
export interface LogDir {
    /** Size of the disk, in bytes. */
    readonly total: number;
    /** Of it, what is free. */
    readonly usable: number;
    /** Its replicas, also those that it should have no more. */
    readonly replicas: readonly ReplicaSize[];
}

export interface ReplicaSize {
    readonly topic: string;
    readonly partition: number;
    /** Bytes of its segments. */
    readonly bytes: number;
}

/** The disk of each broker that is up, by its id. */
export async function describeLogDirs(connections: SharedConnections): Promise<ReadonlyMap<number, LogDir>> {
    const { brokers } = await connections.ask(metadata([]));
    const disks = brokers.map(
        async ({ id, address }) => [id, await connections.askBroker(address, logDirs)] as const,
    );
    return new Map(await Promise.all(disks));
}

/** Exported for tests. Version 4 is the first that tells the size of the disk. */
export const logDirs: ProtocolRequest<LogDir> = {
    name: "DescribeLogDirs",
    key: 35,
    version: 4,
    encode: (request) =>
        request
            .writeUVarInt(0) // tagged fields of the header
            .writeUVarInt(0) // all topics
            .writeUVarInt(0), // tagged fields
    decode: (answer) => {
        answer.readTaggedFields(); // of the header
        answer.readInt32(); // throttle time
        refuse(answer);
        const found = answer.readUVarIntArray((each): LogDir => {
            refuse(each);
            each.readUVarIntString(); // path
            const replicas = each.readUVarIntArray(readTopic).flat();
            const [total, usable] = [Number(each.readInt64()), Number(each.readInt64())];
            each.readTaggedFields();
            return { total, usable, replicas };
        });
        answer.readTaggedFields();
        return {
            total: found.reduce((sum, { total }) => sum + total, 0),
            usable: found.reduce((sum, { usable }) => sum + usable, 0),
            replicas: found.flatMap(({ replicas }) => replicas),
        };
    },
};

function readTopic(answer: Decoder): ReplicaSize[] {
    const topic = answer.readUVarIntString() ?? "";
    const replicas = answer.readUVarIntArray((each) => {
        const [partition, bytes] = [each.readInt32(), Number(each.readInt64())];
        each.readInt64(); // lag
        each.readBoolean(); // whether it is to replace another on the same broker
        each.readTaggedFields();
        return { topic, partition, bytes };
    });
    answer.readTaggedFields();
    return replicas;
}

function refuse(answer: Decoder): void {
    const error = errorOf(answer.readInt16());
    if (error) {
        throw error;
    }
}
