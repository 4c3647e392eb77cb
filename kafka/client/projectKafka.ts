// All that the rest of this program knows of a Project's Kafka. kafkajs stands behind it and appears in no
// signature, because its maintainer has stepped down and it may have to be replaced.

import type { KafkaAdmin } from "../admin/admin.ts";

export interface RecordToSend {
    readonly key: Buffer;
    readonly value: Buffer;
}

export interface RecordSender {
    /**
     * Appends records to one partition, all of them or none. Resolves only when every in-sync replica has them;
     * goes on trying, always with these records, until they are in or `signal` says stop.
     * One call at a time per partition; partitions side by side.
     * @param timestamp what the records carry as their time, in milliseconds since 1970
     * @returns the offset of the first of them
     * @throws UnprovenSendError when Kafka's answer does not prove that they were written once
     */
    send(
        partition: number,
        records: readonly RecordToSend[],
        timestamp: number,
        signal: AbortSignal,
    ): Promise<number>;
    close(): Promise<void>;
}

export interface ReadRecord {
    readonly offset: number;
    /** When it was sent, in milliseconds since 1970. */
    readonly timestamp: number;
    readonly key: Buffer | null;
    readonly value: Buffer | null;
}

export interface ReadOptions {
    readonly topic: string;
    /** Consumer group; nothing is ever committed to it. */
    readonly group: string;
    /**
     * Takes records of one partition, in the order of their offsets, each offset once: what Kafka delivers again
     * after a rebalance is left out.
     */
    readonly onRecords: (partition: number, records: readonly ReadRecord[]) => void;
    readonly signal: AbortSignal;
}

export interface TopicReader {
    close(): Promise<void>;
}

/** What the admin client is asked on a temporary topic's way. */
export type TopicAdmin = Pick<
    KafkaAdmin,
    | "countBrokers"
    | "listTopics"
    | "createTopic"
    | "deleteTopic"
    | "endOffsets"
    | "isGroupActive"
    | "deleteGroup"
>;

/** The Kafka of one Project. */
export interface ProjectKafka {
    /** Aborts, with a ConnectionError, when access turns out to be denied for good: retrying is of no use. */
    readonly accessDenied: AbortSignal;
    readonly admin: TopicAdmin;
    /** The last error underneath, for the message of the caller that gives up. */
    lastError(): string | undefined;
    openSender(topic: string): Promise<RecordSender>;
    /** Reads a topic from its beginning; resolves when reading has begun. */
    openReader(options: ReadOptions): Promise<TopicReader>;
    /** Closes the connections, those of senders, readers and the admin client too. */
    close(): Promise<void>;
}
