/** Which operations a client is allowed, by read-only requests. */
import { setTimeout as sleep } from "node:timers/promises";
import type { KafkaAddress } from "../client/kafkajs.ts";
import { metadata } from "./metadata.ts";
import { errorOf, type ProtocolRequest } from "./protocol.ts";
import { ask } from "./sharedConnections.ts";

/** Operations by Kafka's numbers, which are those of their bits in an answer. */
const OPERATIONS = { Read: 3, Write: 4, Describe: 8 } as const;

export type Operation = keyof typeof OPERATIONS;

/** A topic or group as this client sees it. */
export interface VisibleResource {
    /** Kafka's name for why it is not shown; undefined when it is. */
    readonly refusal: string | undefined;
    readonly allowed: readonly Operation[];
}

export interface VisibleTopic extends VisibleResource {
    readonly partitions: number;
}

export interface VisibleCluster {
    /** host:port that each broker tells its clients to use. */
    readonly brokers: readonly string[];
    readonly topics: ReadonlyMap<string, VisibleTopic>;
    /** Whether it may alter the cluster itself: its ACLs, its brokers' settings, its leaders. */
    readonly mayAlter: boolean;
}

/** The brokers, and some topics with the operations allowed on them; none of them is created. */
export async function describeVisibleCluster(
    address: KafkaAddress,
    topics: readonly string[],
): Promise<VisibleCluster> {
    const { brokers, mayAlter, topics: seen } = await ask(address, metadata(topics));
    return {
        mayAlter,
        brokers: brokers.map((broker) => broker.address),
        topics: new Map(
            seen.map(({ name, error, operations: bits, partitions }) => [
                name,
                { refusal: refusal(error), allowed: operations(bits), partitions: partitions.length },
            ]),
        ),
    };
}

/** The operations allowed on a consumer group, which need not exist. */
export async function describeVisibleGroup(address: KafkaAddress, group: string): Promise<VisibleResource> {
    let found = await ask(address, coordinatorOf(group));
    // The first request for any group makes Kafka create the topic of committed offsets.
    for (let tries = 0; found.refusal === "GROUP_COORDINATOR_NOT_AVAILABLE" && tries < 10; tries++) {
        await sleep(500);
        found = await ask(address, coordinatorOf(group));
    }
    if (found.refusal !== undefined) {
        return { refusal: found.refusal, allowed: [] };
    }
    return ask({ ...address, brokers: [found.broker] }, groupPermissions(group));
}

function operations(bits: number): Operation[] {
    return (Object.keys(OPERATIONS) as Operation[]).filter((name) => bits & (1 << OPERATIONS[name]));
}

/** Kafka's name for an error; undefined for none. */
function refusal(code: number): string | undefined {
    const error = errorOf(code);
    return error && (error.type ?? error.message);
}

/** Exported for tests. */
export const coordinatorOf = (
    group: string,
): ProtocolRequest<{ refusal: string | undefined; broker: string }> => ({
    name: "FindCoordinator",
    key: 10,
    version: 0,
    encode: (encoder) => encoder.writeString(group),
    decode: (decoder) => {
        const code = decoder.readInt16();
        decoder.readInt32(); // id
        return { refusal: refusal(code), broker: `${decoder.readString()}:${decoder.readInt32()}` };
    },
});

/** Exported for tests. */
export const groupPermissions = (group: string): ProtocolRequest<VisibleResource> => ({
    name: "DescribeGroups",
    key: 15,
    version: 3,
    encode: (encoder) => encoder.writeArray([group]).writeBoolean(true),
    decode: (decoder) => {
        decoder.readInt32(); // throttle time
        const [seen] = decoder.readArray((each): VisibleResource => {
            const code = each.readInt16();
            for (let text = 0; text < 4; text++) {
                each.readString(); // id, state, protocol type, protocol
            }
            each.readArray((member) => {
                for (let text = 0; text < 3; text++) {
                    member.readString(); // id, client, host
                }
                for (let bytes = 0; bytes < 2; bytes++) {
                    member.readBytes(); // metadata, assignment
                }
            });
            return { refusal: refusal(code), allowed: operations(each.readInt32()) };
        });
        return seen ?? { refusal: "GROUP_ID_NOT_FOUND", allowed: [] };
    },
});
