/** Creation of a topic. kafkajs does not pass on why Kafka refuses one. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Topic } from "../../common/kafkaTypes.ts";
import { errorType } from "../client/kafkaError.ts";
import { metadata } from "./metadata.ts";
import { errorOf, type ProtocolRequest, refuse } from "./protocol.ts";
import type { SharedConnections } from "./sharedConnections.ts";

/** How long the controller may work on it, in milliseconds: less than its answer is waited for. */
const TIME_LIMIT = 8_000;
/** How long partitions may take to get their leaders, in milliseconds. */
const LEADERS_LIMIT = 15_000;
const PAUSE = 100;
const BROKER_NOT_AVAILABLE = 8;
const LEADER_NOT_AVAILABLE = 5;

/** Creates a topic, and waits until each of its partitions has a leader. Fine if it exists. */
export async function createTopic(connections: SharedConnections, topic: Topic): Promise<void> {
    const { brokers, controller } = await connections.ask(metadata([]));
    const address = brokers.find(({ id }) => id === controller)?.address;
    if (address === undefined) {
        throw errorOf(BROKER_NOT_AVAILABLE, "there is no controller")!;
    }
    await connections.askBroker(address, createTopicRequest(topic)).catch((error: unknown) => {
        if (errorType(error) !== "TOPIC_ALREADY_EXISTS") {
            throw error;
        }
    });
    const end = Date.now() + LEADERS_LIMIT;
    while (!(await hasLeaders(connections, topic.name))) {
        if (Date.now() > end) {
            throw errorOf(LEADER_NOT_AVAILABLE)!;
        }
        await sleep(PAUSE);
    }
}

/** CreateTopics (19) of Kafka's protocol, with Kafka choosing the brokers. Exported for tests. */
export const createTopicRequest = ({
    name,
    partitions,
    replicationFactor,
    config,
}: Topic): ProtocolRequest<void> => ({
    name: "CreateTopics",
    key: 19,
    version: 2,
    encode: (request) => {
        request.writeInt32(1).writeString(name).writeInt32(partitions).writeInt16(replicationFactor);
        request.writeInt32(0); // brokers of each partition
        const settings = Object.entries(config);
        request.writeInt32(settings.length);
        for (const [key, value] of settings) {
            request.writeString(key).writeString(value);
        }
        return request.writeInt32(TIME_LIMIT).writeBoolean(false); // not only validated
    },
    decode: (answer) => {
        answer.readInt32(); // throttle time
        answer.readArray((topic) => {
            topic.readString(); // name
            refuse(topic);
        });
    },
});

async function hasLeaders(connections: SharedConnections, name: string): Promise<boolean> {
    const { topics } = await connections.ask(metadata([name]));
    const { error, partitions } = topics[0]!;
    return error === 0 && partitions.every(({ leader }) => leader >= 0);
}
