/** Types of a Project's Kafka that config, provider and client share. */

/** A topic with everything decided. */
export interface Topic {
    readonly name: string;
    readonly partitions: number;
    /** Replicas of each partition, the leader included. */
    readonly replicationFactor: number;
    /** Topic settings by Kafka's own names; what is not here follows the brokers. */
    readonly config: Readonly<Record<string, string>>;
}

/** Quotas of one client, enforced by each broker by itself. Default of each: none. */
export interface ClientQuotas {
    /** Bytes per second that it may write. */
    readonly produce?: number;
    /** Bytes per second that it may read. */
    readonly consume?: number;
    /** Percent of one request handler thread. */
    readonly requests?: number;
}
