// All that the rest of this program knows of a Project's Kafka. kafkajs stands behind it and appears in no
// signature, because its maintainer has stepped down and it may have to be replaced.

/** A topic to be made. */
export interface TopicToCreate {
    readonly name: string;
    readonly partitions: number;
    /** Copies of each partition, the leader's included. */
    readonly replicationFactor: number;
    /** Kafka's own topic settings, such as `retention.ms`. */
    readonly settings: Readonly<Record<string, string>>;
}

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

/** The Kafka of one Project. */
export interface ProjectKafka {
    /** Aborts, with a ConnectionProblem, when trying on is of no use because the way there is barred. */
    readonly accessDenied: AbortSignal;
    /** The last thing that went wrong underneath, for the message of whoever gives up. */
    lastError(): string | undefined;
    /** Brokers that are up now. */
    countBrokers(): Promise<number>;
    /** Names of all topics that may be seen. */
    listTopics(): Promise<readonly string[]>;
    createTopic(topic: TopicToCreate): Promise<void>;
    /** Deletes a topic; fine if there is none. */
    deleteTopic(topic: string): Promise<void>;
    /** Per partition, the offset the next record will get. */
    endOffsets(topic: string): Promise<readonly number[]>;
    /** Names of all consumer groups. */
    listGroups(): Promise<readonly string[]>;
    /** Per topic and partition, where a group goes on reading; -1 where it has not begun. */
    committedOffsets(group: string): Promise<ReadonlyMap<string, readonly number[]>>;
    /** Whether a consumer group has members. */
    isGroupActive(group: string): Promise<boolean>;
    /** Deletes a consumer group; fine if there is none. */
    deleteGroup(group: string): Promise<void>;
    openSender(topic: string): Promise<RecordSender>;
    /** Reads a topic from its beginning; resolves when reading has begun. */
    openReader(options: ReadOptions): Promise<TopicReader>;
    /** Closes the connections, those of senders and readers too. */
    close(): Promise<void>;
}
