/** Replication of a cluster's topics, where config may leave it to the number of brokers. */
export interface ReplicationSettings {
    readonly brokers: number;
    readonly replicationFactor?: number | undefined;
    readonly minInsyncReplicas?: number | undefined;
}

/** Default: 3 replicas, or one per broker if there are fewer; all but one of them, and at least one, in sync. */
export function replication({ brokers, replicationFactor, minInsyncReplicas }: ReplicationSettings): {
    factor: number;
    minInsync: number;
} {
    const factor = replicationFactor ?? Math.min(3, brokers);
    return { factor, minInsync: minInsyncReplicas ?? Math.max(1, factor - 1) };
}
