/** Moving replicas: AlterPartitionReassignments (45) and ListPartitionReassignments (46) of Kafka's protocol. */
import { type Decoder, errorOf, type ProtocolRequest, UNKNOWN_TOPIC_OR_PARTITION } from "./protocol.ts";
import type { Reassignment } from "./reassignmentPlan.ts";

/** A reassignment that is under way. */
export interface OngoingReassignment {
    readonly topic: string;
    readonly partition: number;
    /** Its replicas now: those that it is to have, and then those that it is to lose. */
    readonly replicas: readonly number[];
    readonly adding: readonly number[];
    readonly removing: readonly number[];
}

/** How long the controller may take to begin, in milliseconds: less than its answer is waited for. */
const TIME_LIMIT = 8_000;

/** Begins reassignments, in place of those of the same partitions that are under way. Topics that are gone are fine. */
export const alterReassignments = (reassignments: readonly Reassignment[]): ProtocolRequest<void> => ({
    name: "AlterPartitionReassignments",
    key: 45,
    version: 0,
    encode: (request) => {
        request
            .writeUVarInt(0) // tagged fields of the header
            .writeInt32(TIME_LIMIT);
        const topics = Map.groupBy(reassignments, ({ topic }) => topic);
        request.writeUVarInt(topics.size + 1);
        for (const [topic, partitions] of topics) {
            request.writeUVarIntString(topic).writeUVarInt(partitions.length + 1);
            for (const { partition, replicas } of partitions) {
                request.writeInt32(partition).writeUVarInt(replicas.length + 1);
                for (const id of replicas) {
                    request.writeInt32(id);
                }
                request.writeUVarInt(0); // tagged fields
            }
            request.writeUVarInt(0);
        }
        return request.writeUVarInt(0);
    },
    decode: (answer) => {
        readHeader(answer);
        const errors = answer.readUVarIntArray((topic) => {
            topic.readUVarIntString(); // name
            const found = topic.readUVarIntArray((partition) => {
                partition.readInt32(); // number
                const [code, message] = [partition.readInt16(), partition.readUVarIntString()];
                partition.readTaggedFields();
                return code === UNKNOWN_TOPIC_OR_PARTITION ? undefined : errorOf(code, message);
            });
            topic.readTaggedFields();
            return found;
        });
        const error = errors.flat().find((each) => each !== undefined);
        if (error) {
            throw error;
        }
    },
});

/** All reassignments that are under way. */
export const listReassignments: ProtocolRequest<OngoingReassignment[]> = {
    name: "ListPartitionReassignments",
    key: 46,
    version: 0,
    encode: (request) =>
        request
            .writeUVarInt(0) // tagged fields of the header
            .writeInt32(TIME_LIMIT)
            .writeUVarInt(0) // of all topics
            .writeUVarInt(0), // tagged fields
    decode: (answer) => {
        readHeader(answer);
        const ids = (decoder: Decoder) => decoder.readUVarIntArray((each) => each.readInt32());
        const topics = answer.readUVarIntArray((each) => {
            const topic = each.readUVarIntString() ?? "";
            const found = each.readUVarIntArray((one): OngoingReassignment => {
                const partition = one.readInt32();
                const [replicas, adding, removing] = [ids(one), ids(one), ids(one)];
                one.readTaggedFields();
                return { topic, partition, replicas, adding, removing };
            });
            each.readTaggedFields();
            return found;
        });
        return topics.flat();
    },
};

/** @throws the error of the whole answer */
function readHeader(answer: Decoder): void {
    answer.readTaggedFields(); // of the header
    answer.readInt32(); // throttle time
    const error = errorOf(answer.readInt16(), answer.readUVarIntString());
    if (error) {
        throw error;
    }
}
