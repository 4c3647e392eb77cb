/** What config may say of a Project's topics. */
import { z } from "zod";
import type { ConfigIssue } from "../errors.ts";
import { SETTING_VALUE, settingNumber, settingText, whole } from "./fields.ts";
import { type KafkaConfig, replication } from "./kafka.ts";
import { DURATION, secondsOf } from "./requirements.ts";

const NAME = "must be 1 to 249 letters, digits, dots, dashes or underscores, such as orders, and not . or ..";
const FOREVER = "forever";
const RETENTION = `${DURATION}, or ${FOREVER}`;

/** Topic settings of Kafka 3.9 that config may set. Source: Kafka's documentation of topic settings. */
const SETTINGS: readonly string[] = [
    "compression.gzip.level",
    "compression.lz4.level",
    "compression.type",
    "compression.zstd.level",
    "delete.retention.ms",
    "file.delete.delay.ms",
    "flush.messages",
    "flush.ms",
    "index.interval.bytes",
    "max.compaction.lag.ms",
    "max.message.bytes",
    "message.downconversion.enable",
    "message.timestamp.after.max.ms",
    "message.timestamp.before.max.ms",
    "message.timestamp.type",
    "min.cleanable.dirty.ratio",
    "min.compaction.lag.ms",
    "preallocate",
    "retention.bytes",
    "segment.bytes",
    "segment.index.bytes",
    "segment.jitter.ms",
    "segment.ms",
];

/** Topic settings that are said otherwise, or not at all. */
const OWNED: Record<string, string> = {
    "cleanup.policy": "set cleanupPolicy instead",
    "min.insync.replicas": "it follows from replicationFactor",
    "retention.ms": "set retention instead",
    "unclean.leader.election.enable": "it would lose acknowledged messages",
};

/** Topics that are somebody else's business, and whose. */
const TAKEN: readonly [pattern: RegExp, whose: string][] = [
    [/^__/, "Kafka itself"],
    [/^unity-(file|check)-/, "the command unity and the check of each `up`"],
    [/^mm2-|\.internal$|^heartbeats$/, "the bridge to IKP"],
];

export const topicName = () =>
    z
        .string({ error: NAME })
        .regex(/^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/, { error: NAME })
        .refine((name) => !TAKEN.some(([pattern]) => pattern.test(name)), {
            error: ({ input }) =>
                `is reserved: such names are those of ${TAKEN.find(([pattern]) => pattern.test(String(input)))?.[1]}`,
        });

const SETTING = `must be a topic setting of Kafka 3.9: ${SETTINGS.join(", ")}`;

export const topicSchema = z.strictObject(
    {
        name: topicName(),
        partitions: whole(1, 10_000)
            .optional()
            .describe(
                "Partitions; there can be more later, never fewer. Default: the brokers' num.partitions, or 1.",
            ),
        replicationFactor: whole(1, 99)
            .optional()
            .describe("Copies of each message. Default: that of the cluster."),
        retention: z
            .string({ error: RETENTION })
            .refine((text) => text === FOREVER || secondsOf(text) !== undefined, { error: RETENTION })
            .optional()
            .describe("How long messages are kept, such as 7d, or forever. Default: the brokers'."),
        cleanupPolicy: z
            .enum(["delete", "compact", "compact,delete"], {
                error: "must be delete, compact or compact,delete",
            })
            .optional()
            .describe("Whether old messages go, or all but the newest of each key. Default: the brokers'."),
        config: z
            .record(
                z
                    .string({ error: SETTING })
                    .refine((key) => !(key in OWNED), {
                        error: ({ input }) => `is reserved: ${OWNED[String(input)]}`,
                    })
                    .refine((key) => key in OWNED || SETTINGS.includes(key), { error: SETTING }),
                z.union([settingText(), settingNumber(), z.boolean()], {
                    error: SETTING_VALUE,
                }),
                { error: "must be a block of topic settings" },
            )
            .default({})
            .describe("Any other topic setting, by its name in Kafka's documentation."),
    },
    { error: "must be a block with a name, such as {name: orders, partitions: 12}" },
);

/** A topic with everything decided. */
export interface TopicConfig {
    readonly name: string;
    readonly partitions: number;
    readonly replicationFactor: number;
    /** Kafka's own settings; whatever is not here is as the brokers have it. */
    readonly config: Readonly<Record<string, string>>;
}

/** A topic as the cluster will have it. */
export function resolveTopic(topic: z.output<typeof topicSchema>, kafka: KafkaConfig): TopicConfig {
    const cluster = replication(kafka).factor;
    const factor = topic.replicationFactor ?? cluster;
    const { retention, cleanupPolicy } = topic;
    const settings: Record<string, unknown> = {
        ...topic.config,
        ...(retention !== undefined && {
            "retention.ms": retention === FOREVER ? -1 : secondsOf(retention)! * 1000,
        }),
        ...(cleanupPolicy !== undefined && { "cleanup.policy": cleanupPolicy }),
        // The brokers' own is meant for topics with as many copies as theirs.
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

/** Faults of a Project's topics taken together. Each by itself is the schema's business. */
export function topicIssues(
    topics: readonly [
        index: number,
        topic: { readonly name: string; readonly replicationFactor?: number | undefined },
    ][],
    brokers: number | undefined,
    path: string,
): ConfigIssue[] {
    // Kafka's metrics write a dot as an underscore, so two such names would be one.
    const known = new Map<string, string>();
    return topics.flatMap(([i, { name, replicationFactor }]): ConfigIssue[] => {
        const faults: ConfigIssue[] = [];
        const before = known.get(name.replaceAll(".", "_"));
        if (before === name) {
            faults.push({ path: `${path}[${i}].name`, message: `"${name}" is there twice` });
        } else if (before !== undefined) {
            faults.push({
                path: `${path}[${i}].name`,
                message: `"${name}" and "${before}" are one to Kafka's metrics, which write . as _; rename one`,
            });
        }
        known.set(name.replaceAll(".", "_"), name);
        if (brokers !== undefined && replicationFactor !== undefined && replicationFactor > brokers) {
            faults.push({
                path: `${path}[${i}].replicationFactor`,
                message: `${replicationFactor} is more than the ${brokers} brokers there are`,
            });
        }
        return faults;
    });
}
