/** What config says of a whole environment: the top-level keys of a stack file. */
import { z } from "zod";
import { DNS_NAME, dnsName, flag, text } from "./fields.ts";
import { type KafkaConfig, kafkaSchema } from "./kafka.ts";
import { type ZookeeperConfig, zookeeperSchema } from "./zookeeper.ts";

const block = (what: string) => ({ error: `must be a block of ${what}` });

const kubernetesSchema = z
    .strictObject(
        {
            context: text("must be the name of a context").optional().describe("Context of the kubeconfig."),
            kubeconfig: text("must be a path")
                .optional()
                .describe("Path of the kubeconfig. Default: KUBECONFIG, or ~/.kube/config."),
        },
        block("a context and, if need be, a kubeconfig"),
    )
    .refine(({ context, kubeconfig }) => context !== undefined || kubeconfig === undefined, {
        error: "must name a context of the kubeconfig",
    });

const IMAGE =
    "must be an image with a tag that ends in a version of Kafka 3, such as repository/kafka:0.45.2-kafka-3.9.2, or with a sha256 digest";

/** Kafka 4 has no ZooKeeper mode, and a tag that says no version would change under running clusters. */
function imageAllowed(image: string): boolean {
    if (/@sha256:[0-9a-f]{64}$/.test(image)) return true;
    const tag = /^[^@]*[^@:/]:([\w][\w.-]*)$/.exec(image)?.[1] ?? "";
    return /(^|[^\d.])3\.\d+\.\d+$/.test(tag) && !tag.includes("latest");
}

const storageClassSchema = z.union(
    [
        z.strictObject({
            name: dnsName(),
            existing: z.literal(true).describe("The cluster has this class already; it is used as it is."),
        }),
        z.strictObject({
            name: dnsName(),
            provisioner: text("must be the name of a provisioner"),
            parameters: z
                .record(z.string(), z.string())
                .default({})
                .describe("Passed to the provisioner, such as {type: pd-balanced}."),
            reclaimPolicy: z
                .enum(["Retain", "Delete"])
                .default("Retain")
                .describe("What becomes of a disk whose claim is deleted."),
        }),
    ],
    {
        error: "must have a name and either a provisioner (with parameters of text and reclaimPolicy Retain or Delete, if need be) or existing: true",
    },
);

const projectSchema = z.strictObject(
    {
        name: dnsName().describe("Name of the Project and, after namespacePrefix, of its namespace."),
        // Overrides are checked after they are merged over the environment's own blocks.
        zookeeper: z.record(z.string(), z.unknown(), block("ZooKeeper settings")).default({}),
        kafka: z.record(z.string(), z.unknown(), block("Kafka settings")).default({}),
    },
    { error: "must be a name, or a block with a name" },
);

export const environmentSchema = z.strictObject({
    kubernetes: kubernetesSchema
        .default({})
        .describe("The cluster to deploy into. Without a context: the embedded platform of this checkout."),
    image: z.string({ error: IMAGE }).refine(imageAllowed, { error: IMAGE }),
    namespacePrefix: z
        .string({ error: "must be a text" })
        .regex(/^([a-z0-9]([-a-z0-9]{0,30}))?$/, { error: "must be lower-case letters, digits or dashes" })
        .default("")
        .describe("Put before each Project's name to make its namespace."),
    zones: z
        .array(dnsName(), { error: "must be a list of zones" })
        .default([])
        .describe("Zones to spread each ensemble and cluster over. Empty: hosts only."),
    protect: flag().default(true).describe("Whether Pulumi refuses to delete Projects."),
    storageClasses: z
        .array(storageClassSchema, { error: "must be a list of storage classes" })
        .default([])
        .describe("Storage classes to create."),
    zookeeper: zookeeperSchema.describe("The ensemble of each Project."),
    kafka: kafkaSchema.describe("The cluster of each Project."),
    projects: z
        .array(projectSchema, { error: "must be a list of Projects" })
        .describe("The Projects: a name each, or a block with a name and what differs."),
});

type Parsed = z.output<typeof environmentSchema>;

export type StorageClassConfig = z.output<typeof storageClassSchema>;

/** A Project with everything decided. */
export interface ProjectConfig {
    readonly name: string;
    readonly namespace: string;
    readonly zookeeper: ZookeeperConfig;
    readonly kafka: KafkaConfig;
}

/** An environment with everything decided: all that the program is made from. */
export interface Environment extends Omit<Parsed, "projects" | "zookeeper" | "kafka"> {
    readonly projects: readonly ProjectConfig[];
}

/** Why this namespace cannot be a Project's, or undefined where it can. */
export function namespaceFault(namespace: string): string | undefined {
    if (!DNS_NAME.test(namespace))
        return `makes the namespace ${namespace}, which is longer than 63 characters`;
    if (namespace === "default" || namespace.startsWith("kube-") || namespace.startsWith("gke-"))
        return `makes the namespace ${namespace}, which belongs to Kubernetes; choose another name`;
    return undefined;
}
