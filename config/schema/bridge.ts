/** What config may say of a Project's bridge to IKP. */
import { z } from "zod";
import { isBlock } from "../raw.ts";
import { cpu, heap, heapFits, jvmOptions, keyNumber, logLevel, size, whole } from "./fields.ts";
import { ikpLoginSchema } from "./ikp.ts";
import { isNotReplicated, KAFKA_NAME } from "./kafkaNames.ts";
import { withRules } from "./rules.ts";

const TOPIC = "must be a topic's name: 1 to 249 letters, digits, dots, dashes or underscores";
const ENTRY = "must be a topic, or a block such as {from: orders, to: ikp-orders}";
const GROUP = "must be a consumer group's name of letters, digits, dots, dashes or underscores";
const NOT_REPLICATED =
    "must not be a name that MirrorMaker does not replicate: __..., mm2-..., ...internal or ...heartbeats";

const topic = () =>
    z
        .string({ error: TOPIC })
        .regex(KAFKA_NAME, { error: TOPIC })
        .refine((name) => !isNotReplicated(name), { error: NOT_REPLICATED });

/** A topic that the bridge replicates, with its name on either side. */
export const replicatedTopic = () =>
    z.union(
        [
            topic().transform((name) => ({ from: name, to: name })),
            z.strictObject({
                from: topic().describe("Its name in the source cluster."),
                to: topic().describe("Its name in the target cluster."),
            }),
        ],
        { error: ({ input }) => (namesOf(input).some(isNotReplicated) ? NOT_REPLICATED : ENTRY) },
    );

function namesOf(input: unknown): string[] {
    const names = isBlock(input) ? [input.from, input.to] : [input];
    return names.filter((name) => typeof name === "string");
}

const topics = () => z.array(replicatedTopic(), { error: "must be a list of topics" }).default([]);

export const bridgeSchema = withRules(
    z.strictObject(
        {
            inbound: topics().describe("Topics that are replicated from IKP to the Project."),
            outbound: topics().describe("Topics that are replicated from the Project to IKP."),
            from: z
                .enum(["latest", "earliest"], { error: "must be latest or earliest" })
                .default("latest")
                .describe(
                    "Where an inbound topic is read from when the bridge first has it: its end, or the earliest record that IKP retains. Later changes have no effect on it.",
                ),
            groups: z
                .array(z.string({ error: GROUP }).regex(KAFKA_NAME, { error: GROUP }), {
                    error: "must be a list of consumer groups",
                })
                .default([])
                .describe(
                    "Consumer groups whose committed offsets are replicated with the topics that keep their names. Default: none.",
                ),
            ikp: ikpLoginSchema.optional().describe("Login of this Project at IKP, which no other has."),
            key: keyNumber().describe(
                "Number of its key for the Project's Kafka. With the next number it gets another key, and the former one loses its ACLs in the same `up`.",
            ),
            replicas: whole(1, 9).default(1).describe("Pods of MirrorMaker."),
            tasks: whole(1, 1000)
                .optional()
                .describe(
                    "Most tasks of MirrorMaker for each direction. With fewer than partitions, one that stops stops others. Default: one for each partition, as far as the heap allows, 8Mi for each.",
                ),
            heap: heap().default("512Mi").describe("Java heap of each pod."),
            memory: size().default("1Gi").describe("Memory request and limit of each pod."),
            cpu: cpu().default("250m").describe("CPU request of each pod; there is no CPU limit."),
            logLevel: logLevel().default("WARN"),
            jvmOptions: jvmOptions(),
        },
        { error: "must be a block with inbound and outbound topics" },
    ),
    [
        heapFits,
        ({ inbound, outbound }, error) => {
            if (inbound?.length === 0 && outbound?.length === 0) {
                error([], "replicates no topic; add one to inbound or outbound, or remove the bridge");
            }
        },
    ],
);

/** One Project's bridge, complete. */
export type BridgeConfig = z.output<typeof bridgeSchema>;

/** A replicated topic. */
export type BridgeTopic = BridgeConfig["inbound"][number];
