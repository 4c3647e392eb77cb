import { randomBytes } from "node:crypto";
import type { Topic } from "../../common/kafkaTypes.ts";
import type { TopicAdmin } from "./projectKafka.ts";
import { retryUntilAborted } from "./retry.ts";

const NAME = /^unity-(?:file|check)-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-[0-9a-f]+$/;
const HOUR = 3_600_000;
const MIB = 1024 * 1024;
/** Longest for removing topic and group, in milliseconds. */
const REMOVAL_TIME_LIMIT = 20_000;

/**
 * A name that tells when it was created, and that nobody else has.
 * @param purpose what it is for: a file of `unity`, or the check of an `up`
 */
export function temporaryTopicName(purpose: "file" | "check", now = new Date()): string {
    const time = now.toISOString().replace(/[-:]|\.\d+/g, "");
    return `unity-${purpose}-${time}-${randomBytes(4).toString("hex")}`;
}

/** When a temporary topic was created, in milliseconds since 1970; undefined if it is none. */
export function createdAt(topic: string): number | undefined {
    const parts = NAME.exec(topic)?.slice(1).map(Number);
    if (parts === undefined) {
        return undefined;
    }
    const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** @param brokers how many are up: a topic cannot have more replicas than that */
export function temporaryTopic(name: string, brokers: number): Topic {
    const replicationFactor = Math.max(1, Math.min(3, brokers));
    return {
        name,
        partitions: 2 * Math.max(1, brokers),
        replicationFactor,
        config: {
            "cleanup.policy": "delete",
            "min.insync.replicas": `${Math.max(1, replicationFactor - 1)}`,
            "unclean.leader.election.enable": "false",
            // The latency is measured by our own timestamps.
            "message.timestamp.type": "CreateTime",
            // As it is sent: the client can read no other compression, which the brokers' default may be.
            "compression.type": "producer",
            "max.message.bytes": `${MIB}`,
            // Bounds what a large file takes of the brokers' disks. Far more than the sender is ever ahead of the
            // reader, so nothing unread goes; and in an hour everything, if nobody is left to delete the topic.
            "segment.bytes": `${64 * MIB}`,
            "retention.bytes": `${256 * MIB}`,
            "retention.ms": `${HOUR}`,
            // A minute by default, in which the next file may already need the space.
            "file.delete.delay.ms": "1000",
        },
    };
}

/**
 * Deletes temporary topics that a killed run left behind. Those younger than an hour or still being read stay: they are
 * in use.
 */
export async function deleteLeftovers(admin: TopicAdmin, now = Date.now()): Promise<void> {
    for (const topic of await admin.listTopics()) {
        const created = createdAt(topic);
        if (created !== undefined && now - created > HOUR && !(await admin.isGroupActive(topic))) {
            await admin.deleteTopic(topic);
            await admin.deleteGroup(topic);
        }
    }
}

/**
 * Deletes a topic and the group of the same name, with retries.
 * @returns whether they are gone; if not, the topic empties itself in an hour and a later run deletes it
 */
export async function deleteTemporaryTopic(admin: TopicAdmin, topic: string): Promise<boolean> {
    const signal = AbortSignal.timeout(REMOVAL_TIME_LIMIT);
    try {
        await retryUntilAborted(() => admin.deleteTopic(topic), signal);
        await retryUntilAborted(() => admin.deleteGroup(topic), signal);
        return true;
    } catch {
        return false;
    }
}
