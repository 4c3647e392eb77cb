import type { Decoder, ProtocolRequest } from "./protocol.ts";
import type { SharedConnections } from "./sharedConnections.ts";

/** A Kafka cluster's metadata. */
export interface Metadata {
    /** Brokers that are up now. */
    readonly brokers: readonly {
        readonly id: number;
        readonly address: string;
        /** Zone of its node; null where brokers have none. */
        readonly rack: string | null;
    }[];
    /** Id of the controller; -1 for none. */
    readonly controller: number;
    /** Whether the client may alter the cluster. Of topics that it may not describe, Kafka says nothing at all. */
    readonly mayAlter: boolean;
    readonly topics: readonly TopicMetadata[];
}

export interface TopicMetadata {
    /** Number of Kafka's error; 0 for none. */
    readonly error: number;
    readonly name: string;
    readonly partitions: readonly PartitionMetadata[];
    /** Bits of the operations that the client is allowed. */
    readonly operations: number;
}

export interface PartitionMetadata {
    readonly partition: number;
    /** Id of the broker that leads it; -1 for none. */
    readonly leader: number;
    readonly replicas: readonly number[];
    readonly inSync: readonly number[];
}

/** Kafka's number of the operation. */
const ALTER = 7;

const numbers = (decoder: Decoder) => decoder.readArray((each) => each.readInt32());

/**
 * The brokers and some topics, with the operations allowed on topics and cluster. kafkajs fails as a whole where one partition has
 * no leader, and does not ask for permissions.
 *
 * @param topics default: all that are visible; none of them is created
 */
export function metadata(topics?: readonly string[]): ProtocolRequest<Metadata> {
    return {
        name: "Metadata",
        key: 3,
        version: 8,
        encode: (encoder) =>
            (topics === undefined ? encoder.writeInt32(-1) : encoder.writeArray(topics))
                .writeBoolean(false) // creates no topic
                .writeBoolean(true) // operations allowed on the cluster
                .writeBoolean(true), // operations allowed on the topics
        decode: (decoder) => {
            decoder.readInt32(); // throttle time
            const brokers = decoder.readArray((each) => {
                const id = each.readInt32();
                const address = `${each.readString()}:${each.readInt32()}`;
                return { id, address, rack: each.readString() };
            });
            decoder.readString(); // cluster id
            const controller = decoder.readInt32();
            const topics = decoder.readArray(topicMetadata);
            return { brokers, controller, mayAlter: (decoder.readInt32() & (1 << ALTER)) !== 0, topics };
        },
    };
}

/** Asks the broker from which the others have what they know; any, where there is no controller. */
export async function askController<Answer>(
    connections: SharedConnections,
    request: ProtocolRequest<Answer>,
): Promise<Answer> {
    const { brokers, controller } = await connections.ask(metadata([]));
    const address = brokers.find(({ id }) => id === controller)?.address;
    return address === undefined ? connections.ask(request) : connections.askBroker(address, request);
}

function topicMetadata(decoder: Decoder): TopicMetadata {
    const error = decoder.readInt16();
    const name = decoder.readString() ?? "";
    decoder.readBoolean(); // internal
    const partitions = decoder.readArray((each) => {
        each.readInt16(); // error
        const [partition, leader] = [each.readInt32(), each.readInt32()];
        each.readInt32(); // leader epoch
        const [replicas, inSync] = [numbers(each), numbers(each)];
        numbers(each); // offline replicas
        return { partition, leader, replicas, inSync };
    });
    return { error, name, partitions, operations: decoder.readInt32() };
}
