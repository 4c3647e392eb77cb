/** What config may say of a Project's topics. */
import { z } from "zod";
import type { ConfigIssue } from "../../common/configIssue.ts";
import type { Topic } from "../../common/kafkaTypes.ts";
import { secondsOf } from "../../common/quantity.ts";
import { replication } from "../../common/replication.ts";
import { DURATION, duration, whole } from "./fields.ts";
import type { KafkaConfig } from "./kafka.ts";
import { KAFKA_NAME, reservedFor } from "./kafkaNames.ts";
import { topicConfig } from "./kafkaSettings.ts";

const NAME = "must be 1 to 249 letters, digits, dots, dashes or underscores, such as orders, and not . or ..";
const FOREVER = "forever";
const RETENTION = `${DURATION}, or ${FOREVER}`;

export const topicSchema = z.strictObject(
    {
        name: z
            .string({ error: NAME })
            .regex(KAFKA_NAME, { error: NAME })
            .refine((name) => reservedFor(name) === undefined, {
                error: ({ input }) => `is reserved for ${reservedFor(String(input))}`,
            })
            .describe("Name of the topic."),
        partitions: whole(1, 10_000)
            .optional()
            .describe(
                "Partitions; they can be increased later, never decreased. Default: the brokers' num.partitions, or 1.",
            ),
        replicationFactor: whole(1, 99)
            .optional()
            .describe("Replicas of each partition. Default: the cluster's replicationFactor."),
        retention: duration(RETENTION, [FOREVER])
            .optional()
            .describe("How long messages are kept, such as 7d, or forever. Default: the brokers'."),
        cleanupPolicy: z
            .enum(["delete", "compact", "compact,delete"], {
                error: "must be delete, compact or compact,delete",
            })
            .optional()
            .describe(
                "Whether to delete old messages, or all but the latest of each key. Default: the brokers'.",
            ),
        config: topicConfig()
            .default({})
            .describe("Any other topic setting, by its name in Kafka's documentation."),
    },
    { error: "must be a block with a name, such as {name: orders, partitions: 12}" },
);

/** A topic with everything decided. */
export function resolveTopic(topic: z.output<typeof topicSchema>, kafka: KafkaConfig): Topic {
    const cluster = replication(kafka).factor;
    const factor = topic.replicationFactor ?? cluster;
    const { retention, cleanupPolicy } = topic;
    const settings: Record<string, unknown> = {
        ...topic.config,
        ...(retention !== undefined && {
            "retention.ms": retention === FOREVER ? -1 : secondsOf(retention)! * 1000,
        }),
        ...(cleanupPolicy !== undefined && { "cleanup.policy": cleanupPolicy }),
        // The brokers' default is meant for the cluster's replication factor.
        ...(factor !== cluster && { "min.insync.replicas": Math.max(1, factor - 1) }),
    };
    return {
        name: topic.name,
        partitions: topic.partitions ?? Number(kafka.config["num.partitions"] ?? 1),
        replicationFactor: factor,
        config: Object.fromEntries(
            Object.entries(settings)
                .sort(([one], [other]) => (one < other ? -1 : 1))
                .map(([key, value]) => [key, String(value)]),
        ),
    };
}

/** Errors of a Project's topics together, and against the number of brokers, if that is valid. */
export function topicIssues(
    topics: readonly [
        index: number,
        topic: { readonly name: string; readonly replicationFactor?: number | undefined },
    ][],
    brokers: number | undefined,
    path: string,
): ConfigIssue[] {
    // Kafka's metrics write a dot as an underscore, so two such names would be the same.
    const known = new Map<string, string>();
    return topics.flatMap(([i, { name, replicationFactor }]): ConfigIssue[] => {
        const issues: ConfigIssue[] = [];
        const metric = name.replaceAll(".", "_");
        const before = known.get(metric);
        if (before !== undefined) {
            issues.push({
                path: `${path}[${i}].name`,
                message:
                    before === name
                        ? `"${name}" is duplicated`
                        : `"${name}" and "${before}" are the same in Kafka's metrics, which write . as _; rename one`,
            });
        }
        known.set(metric, name);
        if (brokers !== undefined && replicationFactor !== undefined && replicationFactor > brokers) {
            issues.push({
                path: `${path}[${i}].replicationFactor`,
                message: `${replicationFactor} is more than the number of brokers (${brokers})`,
            });
        }
        return issues;
    });
}
