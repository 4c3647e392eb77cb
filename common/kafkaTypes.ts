/** What config, provider and client share of a Project's Kafka. */

/** Session of the consumer that `unity` and the smoke test read with, ms: the brokers must allow it. */
export const READER_SESSION_TIMEOUT = 10_000;

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
