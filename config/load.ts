/** From the keys of a stack file to one readonly value, or to all of its errors. */
import type { z } from "zod";
import type { ConfigIssue } from "../common/configIssue.ts";
import type { AlertsConfig } from "../monitoring/alerts.ts";
import { capacityIssues } from "../planning/capacity.ts";
import { bridgeIssues } from "./bridges.ts";
import { clientNamespaceIssues } from "./clientNamespaces.ts";
import { ConfigError, valueText } from "./errors.ts";
import { googleDiskIssues } from "./googleDisks.ts";
import { kafkaVersionIssues } from "./kafkaVersions.ts";
import { type Layers, readBlock } from "./layers.ts";
import { podLimitIssues } from "./podLimits.ts";
import { blocksOf, type Raw } from "./raw.ts";
import { bridgeSchema } from "./schema/bridge.ts";
import { type CertificatesConfig, certificatesRules, certificatesSchema } from "./schema/certificates.ts";
import { componentIssues, componentSchema, resolveComponent } from "./schema/components.ts";
import { type Environment, namespaceError, type ProjectConfig } from "./schema/environment.ts";
import { DNS_NAME } from "./schema/fields.ts";
import { resolveGke } from "./schema/gke.ts";
import { type KafkaConfig, kafkaRules, kafkaSchema } from "./schema/kafka.ts";
import { labelsSchema } from "./schema/labels.ts";
import { monitoringIssues, monitoringSchema, resolveMonitoring } from "./schema/monitoring.ts";
import { limitRangeSchema, resourceQuotaSchema } from "./schema/resourceQuota.ts";
import { secretIssues } from "./schema/secrets.ts";
import { resolveTopic, topicIssues, topicSchema } from "./schema/topics.ts";
import { type ZookeeperConfig, zookeeperRules, zookeeperSchema } from "./schema/zookeeper.ts";
import { sizeIssues, sizeOf } from "./sizes.ts";
import { storageClassIssues } from "./topology.ts";
import { validate } from "./validate.ts";
import { warningsOf } from "./warnings.ts";

/**
 * The environment that the top-level keys of a stack file describe.
 *
 * @param raw the keys without the program's prefix, as YAML has them
 * @param source the file, as the message calls it
 * @param next what to do after correcting it
 * @param beside errors that were found in the file beside the keys
 * @throws ConfigError naming every error at once
 */
export function readEnvironment(
    raw: Raw,
    source: string,
    next: string,
    beside: readonly ConfigIssue[] = [],
): Environment {
    const { data, issues: schemaIssues } = validate(raw);
    const issues = [...beside, ...schemaIssues, ...sizeIssues(raw)];
    const projects = readProjects(raw, issues);
    issues.push(
        ...namespaceIssues(projects),
        ...clientNamespaceIssues(raw),
        ...storageClassIssues(raw),
        ...kafkaVersionIssues(raw),
        ...secretIssues(raw),
        ...bridgeIssues(raw),
    );
    if (data === undefined || issues.length > 0) {
        throw new ConfigError(source, distinct(issues), next);
    }
    const { zookeeper, kafka, certificates, sizes, size, gke, monitoring, metricsFrom, ...rest } = data;
    const { lagExporter, ...monitored } = resolveMonitoring(monitoring, metricsFrom, gke !== undefined);
    const environment = {
        ...rest,
        ...(gke && { gke: resolveGke(gke, rest.zones) }),
        ...monitored,
        projects: projects.map((project) => ({ ...project, ...(lagExporter && { lagExporter }) })),
        warnings: [],
    };
    // Pods can only be packed, and disks be compared with machines, once each of them is valid.
    const misfits = [
        ...monitoringIssues(environment),
        ...podLimitIssues(projects, environment.ikp),
        ...googleDiskIssues(environment),
        ...capacityIssues(environment),
    ];
    if (misfits.length > 0) {
        throw new ConfigError(source, misfits, next);
    }
    return { ...environment, warnings: warningsOf(environment) };
}

/** Each Project with its layers merged; errors of the merged blocks are added to `issues`. */
function readProjects(raw: Raw, issues: ConfigIssue[]): ProjectConfig[] {
    const prefix = typeof raw.namespacePrefix === "string" ? raw.namespacePrefix : "";
    return blocksOf(raw.projects).flatMap(([i, project]): ProjectConfig[] => {
        const path = `projects[${i}]`;
        const size = sizeOf(raw, project, path);
        const layers: Layers = { environment: raw, size, project, path };
        const zookeeper = readBlock(zookeeperSchema, zookeeperRules, "zookeeper", layers, issues);
        const kafka = readBlock(kafkaSchema, kafkaRules, "kafka", layers, issues);
        const certificates = readBlock(certificatesSchema, certificatesRules, "certificates", layers, issues);
        const monitoring = readBlock(monitoringSchema, [], "monitoring", layers, issues);
        const topics = validEntries(topicSchema, project.topics);
        const components = validEntries(componentSchema, project.components);
        issues.push(
            ...topicIssues(topics, kafka?.brokers, `${path}.topics`),
            ...componentIssues(components, topicNames(project.topics), `${path}.components`),
        );
        const { data: bridge } = bridgeSchema.safeParse(project.bridge);
        const { data: resourceQuota } = resourceQuotaSchema.safeParse(project.resourceQuota);
        const { data: limitRange } = limitRangeSchema.safeParse(project.limitRange);
        if (typeof project.name !== "string") {
            return [];
        }
        const namespace = prefix + project.name;
        return [
            {
                name: project.name,
                namespace,
                ...(size?.requirements && { requirements: size.requirements }),
                zookeeper: zookeeper as ZookeeperConfig,
                kafka: kafka as KafkaConfig,
                certificates: certificates as CertificatesConfig,
                alerts: monitoring?.alerts as AlertsConfig,
                labels: { ...labelsOf(raw), ...labelsOf(project) },
                topics: kafka ? topics.map(([, topic]) => resolveTopic(topic, kafka)) : [],
                components: components.map(([, component]) => resolveComponent(component, namespace)),
                ...(resourceQuota && { resourceQuota }),
                ...(limitRange && { limitRange }),
                ...(bridge && { bridge }),
            },
        ];
    });
}

/** The labels of a block, or none where they are invalid. */
function labelsOf({ labels }: Raw): Record<string, string> {
    return labelsSchema().safeParse(labels).data ?? {};
}

/** The entries of a list that are valid by themselves, with their index. */
function validEntries<T>(schema: z.ZodType<T>, list: unknown): [index: number, entry: T][] {
    return blocksOf(list).flatMap(([i, entry]) => {
        const { success, data } = schema.safeParse(entry);
        return success ? [[i, data] as [number, T]] : [];
    });
}

/** Names of topics, of those with another error too: one error is enough. */
function topicNames(topics: unknown): string[] {
    return blocksOf(topics).flatMap(([, { name }]) => (typeof name === "string" ? [name] : []));
}

/** Projects whose names make an invalid namespace, or that of another. */
function namespaceIssues(projects: readonly ProjectConfig[]): ConfigIssue[] {
    return projects.flatMap(({ name, namespace }, i): ConfigIssue[] => {
        const path = `projects[${i}].name`;
        if (!DNS_NAME.test(name)) {
            return []; // an error of the schema
        }
        const error = namespaceError(namespace);
        if (error !== undefined) {
            return [{ path, message: `${valueText(name)} ${error}` }];
        }
        const first = projects.findIndex((other) => other.namespace === namespace);
        return first < i
            ? [{ path, message: `${valueText(name)} is already the name of projects[${first}]` }]
            : [];
    });
}

function distinct(issues: readonly ConfigIssue[]): ConfigIssue[] {
    const seen = new Set<string>();
    return issues.filter(({ path, message }) => {
        const key = `${path} ${message}`;
        return !seen.has(key) && seen.add(key);
    });
}
