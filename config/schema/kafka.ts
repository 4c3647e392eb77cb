/** What config may say of a Project's Kafka cluster. */
import { z } from "zod";
import { bytes } from "../../common/quantity.ts";
import type { Rule } from "../rules.ts";
import {
    cpu,
    disk,
    heap,
    jvmOption,
    logLevel,
    probe,
    SETTING_VALUE,
    settingNumber,
    settingText,
    size,
    whole,
} from "./fields.ts";
import { reserved } from "./reservedSettings.ts";

const SETTING = "must be a name of a broker setting, such as log.retention.hours";
export const kafkaSchema = z.strictObject(
    {
        brokers: whole(1, 99).describe(
            "Brokers. 3 or more are needed to lose none of the messages with one.",
        ),
        heap: heap().describe("Java heap. The rest of memory is page cache."),
        memory: size().describe("Memory request and limit of each broker."),
        cpu: cpu().describe("CPU request of each broker; there is no CPU limit."),
        disk: disk(),
        replicationFactor: whole(1, 99)
            .optional()
            .describe("Copies of each message, of internal topics too. Default: 3, or all brokers if fewer."),
        minInsyncReplicas: whole(1, 99)
            .optional()
            .describe("Copies that acks=all waits for. Default: replicationFactor - 1, at least 1."),
        interBrokerProtocol: z
            .string({ error: "must be a version such as 3.9" })
            .regex(/^3\.[0-9]$/, { error: "must be a version of Kafka 3, such as 3.9" })
            .default("3.9")
            .describe("Raised by hand after an upgrade of all brokers, never before it."),
        zookeeperSessionTimeout: whole(1000, 600_000, "milliseconds")
            .default(18_000)
            .describe("After so long without a word a broker counts as dead, ms."),
        zookeeperConnectionTimeout: whole(1000, 3_600_000, "milliseconds")
            .default(300_000)
            .describe(
                "How long a starting broker waits for ZooKeeper before it gives up and is started anew, ms.",
            ),
        config: z
            .record(
                z
                    .string({ error: SETTING })
                    .regex(/^[a-z][a-z0-9._]*$/, { error: SETTING })
                    .refine((key) => reserved(key) === undefined, {
                        error: ({ input }) => `is reserved: ${reserved(String(input))}`,
                    }),
                z.union([settingText(), settingNumber(), z.boolean()], { error: SETTING_VALUE }),
                { error: "must be a block of broker settings" },
            )
            .default({})
            .describe("Any other broker setting, by its name in Kafka's documentation."),
        probes: z
            .strictObject(
                {
                    startup: probe({
                        initialDelaySeconds: 0,
                        periodSeconds: 1,
                        timeoutSeconds: 5,
                        failureThreshold: 3600,
                    }),
                    liveness: probe({
                        initialDelaySeconds: 0,
                        periodSeconds: 10,
                        timeoutSeconds: 5,
                        failureThreshold: 6,
                    }),
                    readiness: probe({
                        initialDelaySeconds: 0,
                        periodSeconds: 5,
                        timeoutSeconds: 10,
                        failureThreshold: 3,
                    }),
                },
                { error: "must be a block with startup, liveness and readiness" },
            )
            .prefault({})
            .describe("The startup probe covers the recovery of the log after a crash: 3600 x 1 s."),
        terminationGracePeriodSeconds: whole(1, 3600, "seconds")
            .default(120)
            .describe(
                "Time for a controlled shutdown; a kill before its end means recovery at the next start.",
            ),
        logLevel: logLevel().default("INFO"),
        jvmOptions: z
            .array(jvmOption(), { error: "must be a list of options of java" })
            .default([])
            .describe("Added after the explicit heap and collector flags."),
    },
    { error: "must be a block of Kafka settings" },
);

/** One Project's cluster, complete. */
export type KafkaConfig = z.output<typeof kafkaSchema>;

/** The replication that follows from the broker count where config does not set it. */
export function replication(
    kafka: Pick<KafkaConfig, "brokers" | "replicationFactor" | "minInsyncReplicas">,
): {
    factor: number;
    minInsync: number;
} {
    const factor = kafka.replicationFactor ?? Math.min(3, kafka.brokers);
    return { factor, minInsync: kafka.minInsyncReplicas ?? Math.max(1, factor - 1) };
}

/** Checks across fields. */
export const kafkaRules: Rule<KafkaConfig>[] = [
    ({ heap, memory }) => {
        if (heap === undefined || memory === undefined || bytes(heap) <= 0.75 * bytes(memory)) {
            return;
        }
        return ["heap", `${heap} is more than 3/4 of memory (${memory}); lower heap or raise memory`];
    },
    ({ brokers, replicationFactor }) => {
        if (brokers === undefined || replicationFactor === undefined || replicationFactor <= brokers) {
            return;
        }
        return ["replicationFactor", `${replicationFactor} is more than the ${brokers} brokers there are`];
    },
    ({ brokers, replicationFactor, minInsyncReplicas }) => {
        if (brokers === undefined) {
            return;
        }
        const { factor, minInsync } = replication({ brokers, replicationFactor, minInsyncReplicas });
        if (minInsync < factor || (factor === 1 && minInsync === 1)) {
            return;
        }
        return [
            "minInsyncReplicas",
            `${minInsync} must be less than the replication factor (${factor}), or one lost broker stops all writes`,
        ];
    },
];
