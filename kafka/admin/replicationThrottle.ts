/** Limits of replication while replicas move: a rate for all brokers, and the replicas that it is for. */
import { errorType } from "../client/kafkaError.ts";
import { alterConfigs, type ConfigResource, describeConfigs } from "./configs.ts";
import { metadata } from "./metadata.ts";
import type { SharedConnections } from "./sharedConnections.ts";

/** A replica that moves: `from` is where it is read, `to` where it is written. */
export interface ThrottledPartition {
    readonly topic: string;
    readonly partition: number;
    readonly from: readonly number[];
    readonly to: readonly number[];
}

const ALL_BROKERS: ConfigResource = { type: "broker", name: "" };
const RATES = ["leader.replication.throttled.rate", "follower.replication.throttled.rate"] as const;
const REPLICAS = [
    "leader.replication.throttled.replicas",
    "follower.replication.throttled.replicas",
] as const;

/** Whether a setting is such a limit: it belongs to no config. */
export const isThrottle = (name: string): boolean => [...RATES, ...REPLICAS].some((each) => each === name);

/**
 * Limits what brokers send and receive for replicas that are not in sync yet. Those in sync, and all others, are not
 * limited.
 *
 * @param rate bytes a second, of each broker, in each direction
 */
export async function setThrottle(
    connections: SharedConnections,
    rate: number,
    partitions: readonly ThrottledPartition[],
): Promise<void> {
    const [leader, follower] = REPLICAS;
    for (const [name, moving] of Map.groupBy(partitions, ({ topic }) => topic)) {
        const list = (brokers: "from" | "to") =>
            moving.flatMap((each) => each[brokers].map((id) => `${each.partition}:${id}`)).join();
        const lists = { [leader]: list("from"), [follower]: list("to") };
        await connections.ask(alterConfigs({ type: "topic", name }, lists)).catch((error: unknown) => {
            // A topic that is gone moves no more.
            if (errorType(error) !== "UNKNOWN_TOPIC_OR_PARTITION") {
                throw error;
            }
        });
    }
    await connections.ask(
        alterConfigs(ALL_BROKERS, Object.fromEntries(RATES.map((name) => [name, `${Math.ceil(rate)}`]))),
    );
}

/** Takes all such limits away, also those that were left behind. */
export async function removeThrottle(connections: SharedConnections): Promise<void> {
    const { topics } = await connections.ask(metadata());
    await Promise.all(
        topics.map(({ name }) => removeSettings(connections, { type: "topic", name }, "topic", REPLICAS)),
    );
    await removeSettings(connections, ALL_BROKERS, "dynamicDefaultBroker", RATES);
}

async function removeSettings(
    connections: SharedConnections,
    of: ConfigResource,
    from: "topic" | "dynamicDefaultBroker",
    names: readonly string[],
): Promise<void> {
    const found = await connections.ask(describeConfigs(of));
    const set = found.filter(({ name, source }) => source === from && names.includes(name));
    if (set.length > 0) {
        await connections.ask(alterConfigs(of, Object.fromEntries(set.map(({ name }) => [name, undefined]))));
    }
}
