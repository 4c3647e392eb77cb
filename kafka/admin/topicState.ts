/** A topic as it is. */
import type { Topic } from "../../common/kafkaTypes.ts";
import { describeConfigs } from "./configs.ts";
import { metadata } from "./metadata.ts";
import { errorOf, UNKNOWN_TOPIC_OR_PARTITION } from "./protocol.ts";
import { isThrottle } from "./replicationThrottle.ts";
import type { SharedConnections } from "./sharedConnections.ts";

/** Brokers of each partition, the preferred leader first; undefined where there is no such topic. */
export async function assignmentOf(
    connections: SharedConnections,
    topic: string,
): Promise<number[][] | undefined> {
    const { topics } = await connections.ask(metadata([topic]));
    const { error, partitions } = topics[0]!;
    if (error === UNKNOWN_TOPIC_OR_PARTITION) {
        return undefined;
    }
    if (error !== 0) {
        throw errorOf(error)!;
    }
    const assignment: number[][] = [];
    for (const { partition, replicas } of partitions) {
        assignment[partition] = [...replicas];
    }
    return assignment;
}

/** The settings of its own, without the limits that it has while its replicas move. */
export async function topicConfig(connections: SharedConnections, name: string): Promise<Topic["config"]> {
    const entries = await connections.ask(describeConfigs({ type: "topic", name }));
    const own = entries.filter(({ name: setting, source }) => source === "topic" && !isThrottle(setting));
    return Object.fromEntries(own.map(({ name: setting, value }) => [setting, value ?? ""]));
}
