/** What config may say of a Project's Kafka cluster. */
import { z } from "zod";
import { replication } from "../../common/replication.ts";
import { MAX_BROKERS } from "../../planning/sizing.ts";
import { cpu, disk, heap, heapFits, jvmOptions, logLevel, probes, rate, size, whole } from "./fields.ts";
import { brokerConfig } from "./kafkaSettings.ts";
import type { Rule } from "./rules.ts";
import { settingRules } from "./settingRules.ts";

/** Without its rules, as layers of it are partial. */
export const kafkaSchema = z.strictObject(
    {
        brokers: whole(1, MAX_BROKERS).describe(
            "Brokers. With fewer than 3, the loss of one can lose messages or stop all writes.",
        ),
        heap: heap().describe("Java heap. The rest of memory is page cache."),
        memory: size().describe("Memory request and limit of each broker."),
        cpu: cpu().describe("CPU request of each broker; there is no CPU limit."),
        disk: disk(),
        replicationFactor: whole(1, MAX_BROKERS)
            .optional()
            .describe(
                "Replicas of each partition, of internal topics too. Default: 3, or one per broker if fewer.",
            ),
        minInsyncReplicas: whole(1, MAX_BROKERS)
            .optional()
            .describe("In-sync replicas that acks=all requires. Default: replicationFactor - 1, at least 1."),
        reassignment: z
            .strictObject(
                {
                    throttle: rate()
                        .default("30MB/s")
                        .describe(
                            "Most that each broker sends, and receives, of replicas that move. More than producers write, or they never arrive; 30MB/s is a fifth of what the smallest balanced disk of Google takes.",
                        ),
                },
                { error: "must be a block with a throttle" },
            )
            .prefault({})
            .describe("How partitions move when `brokers` changes."),
        interBrokerProtocol: z
            .string({ error: "must be a version such as 3.9" })
            .regex(/^3\.[0-9]$/, { error: "must be a version of Kafka 3, such as 3.9" })
            .default("3.9")
            .describe("Raised by hand after an upgrade of all brokers, never before it."),
        zookeeperSessionTimeout: whole(1000, 600_000, "milliseconds")
            .default(18_000)
            .describe("Time without a heartbeat after which ZooKeeper takes a broker for dead, ms."),
        zookeeperConnectionTimeout: whole(1000, 3_600_000, "milliseconds")
            .default(300_000)
            .describe("How long a starting broker waits for ZooKeeper before it exits and is restarted, ms."),
        config: brokerConfig()
            .default({})
            .describe("Any other broker setting, by its name in Kafka's documentation."),
        probes: probes(
            { initialDelaySeconds: 0, periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 3600 },
            { initialDelaySeconds: 0, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
            { initialDelaySeconds: 0, periodSeconds: 5, timeoutSeconds: 10, failureThreshold: 3 },
        ).describe("The startup probe covers the recovery of the log after a crash: 3600 x 1 s."),
        terminationGracePeriodSeconds: whole(1, 3600, "seconds")
            .default(120)
            .describe(
                "Time for a controlled shutdown; a kill before its end means recovery at the next start.",
            ),
        logLevel: logLevel().default("INFO"),
        jvmOptions: jvmOptions(),
    },
    { error: "must be a block of Kafka settings" },
);

/** One Project's cluster, complete. */
export type KafkaConfig = z.output<typeof kafkaSchema>;

export const kafkaRules: readonly Rule<Omit<KafkaConfig, "disk">>[] = [
    heapFits,
    settingRules,
    ({ brokers, replicationFactor }, error) => {
        if (brokers !== undefined && replicationFactor !== undefined && replicationFactor > brokers) {
            error(
                ["replicationFactor"],
                `${replicationFactor} is more than the number of brokers (${brokers})`,
            );
        }
    },
    ({ brokers, replicationFactor, minInsyncReplicas }, error) => {
        if (brokers === undefined) {
            return;
        }
        const { factor, minInsync } = replication({ brokers, replicationFactor, minInsyncReplicas });
        if (minInsync >= factor && factor + minInsync > 2) {
            error(
                ["minInsyncReplicas"],
                `${minInsync} must be less than the replication factor (${factor}), or the loss of one broker stops all writes`,
            );
        }
    },
];
