import { firstOf } from "../../../common/format.ts";
import { KAFKA } from "../../../common/names.ts";
import type { KafkaAdmin } from "../../../kafka/admin/admin.ts";
import type { Metadata, PartitionMetadata } from "../../../kafka/admin/metadata.ts";
import { assertOperatorKnown } from "../operatorKnown.ts";
import type { Membership } from "./decide.ts";

/** What is asked of Kafka before a broker is restarted. */
export type KafkaApi = Pick<KafkaAdmin, "metadata" | "minInsyncReplicas">;

/** A partition, and how many of its replicas must stay in sync. */
interface Partition extends PartitionMetadata {
    readonly topic: string;
    readonly required: number;
}

/**
 * Asks a Project's Kafka, of all brokers its controller, which knows first.
 * @throws ConnectionError where that does not know the operator: it would say nothing of partitions, without an error
 */
export async function kafkaMembership(admin: KafkaApi): Promise<Membership> {
    const metadata = await admin.metadata("controller");
    assertOperatorKnown(metadata);
    const names = metadata.topics.map(({ name }) => name);
    return replicasOf(metadata, await admin.minInsyncReplicas(names));
}

/**
 * What brokers are to each other by the replicas of their partitions.
 *
 * @param minInsync `min.insync.replicas` by topic
 */
export function replicasOf(metadata: Metadata, minInsync: ReadonlyMap<string, number>): Membership {
    const { brokers, controller } = metadata;
    const partitions = metadata.topics.flatMap(({ name, partitions: all }) =>
        all.map(
            (partition): Partition => ({
                ...partition,
                topic: name,
                // Where all replicas are required, no broker could ever be restarted; one of the others must do.
                required: Math.min(minInsync.get(name) ?? 1, partition.replicas.length - 1),
            }),
        ),
    );
    const offline = partitions.filter(({ leader }) => leader < 0);
    return {
        outage: brokers.length === 0 ? "no broker is registered" : undefined,
        last: `${KAFKA.name}-${controller}`,
        needed: ({ ordinal }) => {
            if (!brokers.some(({ id }) => id === controller)) {
                return "the cluster has no controller";
            }
            if (offline.length > 0) {
                return `${counted(offline)} have no leader`;
            }
            const short = partitions.filter(
                ({ replicas, inSync, required }) =>
                    replicas.includes(ordinal) && inSync.filter((id) => id !== ordinal).length < required,
            );
            return short.length > 0 ? `${counted(short)} would have too few replicas in sync` : undefined;
        },
        unavailable: ({ ordinal }) => {
            const here = partitions.filter(({ replicas }) => replicas.includes(ordinal));
            const topics = new Set(
                here
                    .filter(({ replicas, topic }) => replicas.length <= (minInsync.get(topic) ?? 1))
                    .map(({ topic }) => topic),
            );
            return topics.size > 0
                ? `no replica to spare: topics that cannot be written meanwhile are ${[...topics].join(", ")}`
                : undefined;
        },
        takesPart: ({ ordinal }) => brokers.some(({ id }) => id === ordinal),
    };
}

function counted(partitions: readonly Partition[]): string {
    const names = partitions.map(({ topic, partition }) => `${topic}-${partition}`);
    return `${partitions.length} partitions (${firstOf(names)})`;
}
