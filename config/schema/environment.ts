/** What config says of a whole environment: the top-level keys of a stack file. */
import { z } from "zod";
import { isReservedNamespace } from "../../common/google/namespaces.ts";
import type { Topic } from "../../common/kafkaTypes.ts";
import type { KubeTarget } from "../../common/kubeTarget.ts";
import type { AlertsConfig } from "../../monitoring/alerts.ts";
import type { Requirements } from "../../planning/model.ts";
import { IMAGE, imageError } from "../image.ts";
import { topologyRules } from "../topology.ts";
import { type BridgeConfig, bridgeSchema } from "./bridge.ts";
import { type CertificatesConfig, certificatesRules, certificatesSchema } from "./certificates.ts";
import { type ComponentConfig, componentSchema } from "./components.ts";
import { addressRange, DNS_NAME, disk, dnsName, flag, text, whole } from "./fields.ts";
import { contextName, type GkeConfig, gkeSchema } from "./gke.ts";
import { ikpSchema } from "./ikp.ts";
import { type KafkaConfig, kafkaRules, kafkaSchema } from "./kafka.ts";
import { labelsSchema } from "./labels.ts";
import {
    type LagExporterConfig,
    type MonitoringConfig,
    monitoringSchema,
    projectMonitoringSchema,
} from "./monitoring.ts";
import { sizeableSchema } from "./requirements.ts";
import {
    type LimitRangeConfig,
    limitRangeSchema,
    type ResourceQuotaConfig,
    resourceQuotaSchema,
} from "./resourceQuota.ts";
import { withRules } from "./rules.ts";
import { storageClassSchema } from "./storageClasses.ts";
import { topicSchema } from "./topics.ts";
import { type ZookeeperConfig, zookeeperRules, zookeeperSchema } from "./zookeeper.ts";

const block = (what: string) => ({ error: `must be a block of ${what}` });

const kubernetesSchema = z
    .strictObject(
        {
            context: text("must be the name of a context").optional().describe("Context of the kubeconfig."),
            kubeconfig: text("must be a path")
                .optional()
                .describe("Path of the kubeconfig. Default: KUBECONFIG, or ~/.kube/config."),
        },
        block("a context and, optionally, a kubeconfig"),
    )
    .refine(({ context, kubeconfig }) => context !== undefined || kubeconfig === undefined, {
        error: "must name a context of the kubeconfig",
    });

/** A size by name, or the requirements to work one out from. */
const sizeSchema = z.union([z.string(), sizeableSchema], {
    error: "must be the name of a size, or a block with throughput, retention and peak",
});

/** Blocks that are layered: each may lack what another sets. */
const parts = {
    zookeeper: zookeeperSchema.partial().extend({ disk: disk().partial().optional() }),
    kafka: kafkaSchema.partial().extend({ disk: disk().partial().optional() }),
    certificates: certificatesSchema.partial(),
};

const projectSchema = z.strictObject(
    {
        name: dnsName().describe("Name of the Project and, after namespacePrefix, of its namespace."),
        size: sizeSchema
            .optional()
            .describe(
                "Name of a size, or the requirements to work one out from. Default: the environment's.",
            ),
        zookeeper: parts.zookeeper.optional().describe("What differs from the environment and the size."),
        kafka: parts.kafka.optional().describe("What differs from the environment and the size."),
        certificates: parts.certificates.optional().describe("What differs from the environment."),
        monitoring: projectMonitoringSchema.optional().describe("What differs from the environment: alerts."),
        labels: labelsSchema().optional().describe("Labels of its objects, over the environment's."),
        topics: z
            .array(topicSchema, { error: "must be a list of topics" })
            .default([])
            .describe("Its topics; brokers create none by themselves."),
        components: z
            .array(componentSchema, { error: "must be a list of components" })
            .default([])
            .describe("The components of its pipeline, with their namespaces, ACLs and quotas."),
        resourceQuota: resourceQuotaSchema
            .optional()
            .describe("ResourceQuota of the namespace that is created for its components. Default: none."),
        limitRange: limitRangeSchema
            .optional()
            .describe("LimitRange of that namespace, for containers that name no requests. Default: none."),
        bridge: bridgeSchema.optional().describe("Topics that are replicated from and to IKP."),
    },
    { error: "must be a block with a name, such as {name: billing}" },
);

export const environmentSchema = withRules(
    z.strictObject({
        kubernetes: kubernetesSchema
            .default({})
            .describe(
                "The cluster to deploy into. Without a context: the embedded platform of this checkout.",
            ),
        gke: gkeSchema.optional().describe("The cluster on GKE to deploy into, instead of kubernetes."),
        image: z
            .string({ error: IMAGE })
            .superRefine((image, context) => {
                const message = imageError(image);
                if (message !== undefined) {
                    context.addIssue({ code: "custom", message });
                }
            })
            .describe("Image of ZooKeeper and Kafka, the same for both."),
        namespacePrefix: z
            .string({ error: "must be a text" })
            .regex(/^([a-z0-9]([-a-z0-9]{0,30}))?$/, {
                error: "must be lower-case letters, digits or dashes",
            })
            .default("")
            .describe("Put before each Project's name to make its namespace."),
        zones: z
            .array(dnsName(), { error: "must be a list of zones" })
            .default([])
            .describe("Zones to spread each ensemble and cluster over. Empty: hosts only."),
        racks: flag()
            .default(true)
            .describe(
                "Whether brokers have their zones, if there are any, as racks. On Kubernetes before 1.35, which does not tell pods their zones, it must be false; on GKE the program sees that itself.",
            ),
        minimumZones: whole(0, 10).default(0).describe("Fewest zones that this environment may have."),
        stackPerProject: flag()
            .default(false)
            .describe(
                "Whether each Project has a stack of its own, ENVIRONMENT.PROJECT, beside the base ENVIRONMENT.",
            ),
        allowDestroy: z
            .array(text("must be a name"), { error: "must be a list of names" })
            .default([])
            .describe(
                "Projects, node pools as gke/POOL, created namespaces of components as namespace/NAMESPACE and topics as topic/PROJECT/TOPIC, which a change may delete with their data, nodes or applications; of a topic also a part of its messages, as by a shorter retention.",
            ),
        storageClasses: z
            .array(storageClassSchema, { error: "must be a list of storage classes" })
            .default([])
            .describe("Storage classes to create."),
        zookeeper: withRules(parts.zookeeper, zookeeperRules)
            .prefault({})
            .describe("The ensemble of each Project."),
        kafka: withRules(parts.kafka, kafkaRules).prefault({}).describe("The cluster of each Project."),
        certificates: withRules(parts.certificates, certificatesRules)
            .prefault({})
            .describe("The certificates of each Project's servers and clients."),
        ikp: ikpSchema.optional().describe("The Kafka of IKP, for Projects with a bridge to it."),
        labels: labelsSchema()
            .default({})
            .describe(
                "Labels of everything that is created, such as owner and cost centre; on GKE also of cluster, node pools and disks, as far as Google accepts them. A change restarts the servers.",
            ),
        dns: z
            .strictObject(
                {
                    namespaces: z
                        .array(dnsName(), { error: "must be a list of namespaces" })
                        .default([])
                        .describe("Namespaces whose pods are DNS servers, such as kube-system."),
                    ranges: z
                        .array(addressRange(), { error: "must be a list of ranges of addresses" })
                        .default([])
                        .describe("Addresses of DNS servers that are no pods, or share a node's address."),
                },
                { error: "must be a block with namespaces and ranges" },
            )
            .prefault({})
            .describe("The DNS servers that pods may ask, at port 53. Default: any address."),
        metricsFrom: z
            .array(dnsName(), { error: "must be a list of namespaces" })
            .default([])
            .describe(
                "Namespaces whose pods may read the servers' metrics, besides those of Google's collector where that is used.",
            ),
        monitoring: monitoringSchema
            .prefault({})
            .describe("How the metrics of every Project are collected, and whether alerts come of them."),
        smokeTest: flag()
            .default(true)
            .describe(
                "Whether `up` sends a message through each Project that it changed, and reads it back.",
            ),
        sizes: z
            .record(
                dnsName(),
                z.strictObject(
                    {
                        zookeeper: parts.zookeeper.optional().describe("What differs from the environment."),
                        kafka: parts.kafka.optional().describe("What differs from the environment."),
                    },
                    { error: "must be a block with zookeeper and kafka" },
                ),
                { error: "must be a block of sizes" },
            )
            .default({})
            .describe("Sizes by name; a size overrides the environment's zookeeper and kafka."),
        size: sizeSchema.optional().describe("Size of the Projects that name none."),
        projects: z
            .array(projectSchema, { error: "must be a list of Projects" })
            .describe("The Projects: a block with a name each, and what differs."),
    }),
    topologyRules,
);

type Parsed = z.output<typeof environmentSchema>;

/** Where the DNS servers are; anywhere, if neither names any. */
export type DnsConfig = Parsed["dns"];

/** A Project with everything decided. */
export interface ProjectConfig {
    readonly name: string;
    readonly namespace: string;
    /** The requirements that its size was worked out from, where config gives them. */
    readonly requirements?: Requirements;
    readonly zookeeper: ZookeeperConfig;
    readonly kafka: KafkaConfig;
    readonly certificates: CertificatesConfig;
    readonly alerts: AlertsConfig;
    /** The environment's, with its own over them. */
    readonly labels: Readonly<Record<string, string>>;
    readonly topics: readonly Topic[];
    readonly components: readonly ComponentConfig[];
    /** Of the namespace that is created for its components. */
    readonly resourceQuota?: ResourceQuotaConfig;
    readonly limitRange?: LimitRangeConfig;
    readonly bridge?: BridgeConfig;
    /** Absent where nothing collects metrics. */
    readonly lagExporter?: LagExporterConfig;
}

/** An environment with everything decided: the only input of the program. */
export interface Environment
    extends Omit<
        Parsed,
        | "projects"
        | "zookeeper"
        | "kafka"
        | "certificates"
        | "sizes"
        | "size"
        | "gke"
        | "kubernetes"
        | "monitoring"
        | "metricsFrom"
    > {
    /** Empty for the embedded platform, and with gke. */
    readonly kubernetes: KubeTarget;
    readonly gke?: GkeConfig;
    readonly monitoring: MonitoringConfig;
    /** Those of the collector are among them. */
    readonly metricsFrom: readonly string[];
    readonly projects: readonly ProjectConfig[];
    /** Settings that work but are not recommended: `path: message` each. */
    readonly warnings: readonly string[];
}

/** Option by which `unity` finds the Kubernetes cluster of an environment, such as `--local`. */
export function clusterOption({ gke, kubernetes }: Pick<Environment, "gke" | "kubernetes">): string {
    if (gke) {
        return `--context ${contextName(gke)}`;
    }
    return kubernetes.context === undefined ? "--local" : `--context ${kubernetes.context}`;
}

/** Why this namespace cannot be a Project's, or undefined where it can. */
export function namespaceError(namespace: string): string | undefined {
    if (!DNS_NAME.test(namespace)) {
        return `results in the namespace ${namespace}, which is longer than 63 characters`;
    }
    if (isReservedNamespace(namespace)) {
        return `results in the namespace ${namespace}, which belongs to Kubernetes or Google; choose another name`;
    }
    return undefined;
}
