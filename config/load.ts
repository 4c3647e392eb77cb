/** From what a stack file says to one readonly value, or to every fault there is. */
import { z } from "zod";
import { capacityIssues } from "../planning/capacity.ts";
import { ConfigError, type ConfigIssue, pathText, valueText } from "./errors.ts";
import { blocksOf, isBlock, type Rule, ruleFaults, valueAt } from "./rules.ts";
import { bridgeIssues, bridgeSchema } from "./schema/bridge.ts";
import { type CertificatesConfig, certificatesRules, certificatesSchema } from "./schema/certificates.ts";
import { componentIssues, componentSchema, resolveComponent } from "./schema/components.ts";
import {
    type Environment,
    environmentSchema,
    namespaceError,
    type ProjectConfig,
} from "./schema/environment.ts";
import { DNS_NAME } from "./schema/fields.ts";
import { resolveGke } from "./schema/gke.ts";
import { ikpIssues } from "./schema/ikp.ts";
import { type KafkaConfig, kafkaRules, kafkaSchema } from "./schema/kafka.ts";
import { secretIssues } from "./schema/secrets.ts";
import { resolveTopic, topicIssues, topicSchema } from "./schema/topics.ts";
import { type ZookeeperConfig, zookeeperRules, zookeeperSchema } from "./schema/zookeeper.ts";
import { merge, type Size, sizeIssues, sizeOf } from "./sizes.ts";
import { topologyIssues } from "./topology.ts";
import { warningsOf } from "./warnings.ts";

type Raw = Record<string, unknown>;

/**
 * The environment that the top-level keys of a stack file describe.
 *
 * @param raw the keys without the program's prefix, as YAML has them
 * @param source what to call the file in the message
 * @param next what the person should do after correcting it
 * @throws ConfigError naming every fault at once
 */
export function readEnvironment(raw: Raw, source: string, next: string): Environment {
    const parsed = environmentSchema.safeParse(raw);
    const faults = parsed.success ? [] : schemaIssues(parsed.error, raw);
    faults.push(...sizeIssues(raw));
    const projects = readProjects(raw, faults);
    faults.push(...projectIssues(projects), ...topologyIssues(raw), ...secretIssues(raw));
    faults.push(...ikpIssues(raw.ikp), ...bridgeIssues(raw));
    if (!parsed.success || faults.length > 0) {
        throw new ConfigError(source, distinct(faults), next);
    }
    const { zookeeper, kafka, certificates, sizes, size, gke, ...rest } = parsed.data;
    const environment = { ...rest, ...(gke && { gke: resolveGke(gke, rest.zones) }), projects, warnings: [] };
    // Pods are only counted once each of them is known to be right.
    const tooMuch = capacityIssues(environment);
    if (tooMuch.length > 0) {
        throw new ConfigError(source, tooMuch, next);
    }
    return { ...environment, warnings: warningsOf(environment) };
}

/** Each Project with all that is laid over each other; faults of the whole are added to `faults`. */
function readProjects(raw: Raw, faults: ConfigIssue[]): ProjectConfig[] {
    // Without a Project, or beside Projects that override them, the environment's own blocks must be right too.
    faults.push(...ruleFaults(zookeeperSchema, zookeeperRules, raw.zookeeper, "zookeeper"));
    faults.push(...ruleFaults(kafkaSchema, kafkaRules, raw.kafka, "kafka"));
    faults.push(...ruleFaults(certificatesSchema, certificatesRules, raw.certificates, "certificates"));
    const prefix = typeof raw.namespacePrefix === "string" ? raw.namespacePrefix : "";
    return blocksOf(raw.projects).flatMap(([i, own]): ProjectConfig[] => {
        const path = `projects[${i}]`;
        const size = sizeOf(raw, own, path);
        const layers: Layers = { raw, size, own, path };
        const zookeeper = readBlock(zookeeperSchema, zookeeperRules, "zookeeper", layers, faults);
        const kafka = readBlock(kafkaSchema, kafkaRules, "kafka", layers, faults);
        const certificates = readBlock(certificatesSchema, certificatesRules, "certificates", layers, faults);
        const topics = rightOnes(topicSchema, own.topics);
        const components = rightOnes(componentSchema, own.components);
        faults.push(
            ...topicIssues(topics, kafka?.brokers, `${path}.topics`),
            ...componentIssues(components, topicNames(own.topics), `${path}.components`),
        );
        // Its own faults have been found with the schema of the whole.
        const { data: bridge } = bridgeSchema.safeParse(own.bridge);
        if (typeof own.name !== "string") {
            return [];
        }
        return [
            {
                name: own.name,
                namespace: prefix + own.name,
                ...(size?.requirements && { requirements: size.requirements }),
                zookeeper: zookeeper as ZookeeperConfig,
                kafka: kafka as KafkaConfig,
                certificates: certificates as CertificatesConfig,
                topics: kafka ? topics.map(([, topic]) => resolveTopic(topic, kafka)) : [],
                components: components.map(([, component]) => resolveComponent(component)),
                ...(bridge && { bridge }),
            },
        ];
    });
}

/** The entries of a list that are right by themselves, with their places in it. */
function rightOnes<T>(schema: z.ZodType<T>, list: unknown): [index: number, entry: T][] {
    return blocksOf(list).flatMap(([i, entry]) => {
        const { success, data } = schema.safeParse(entry);
        return success ? [[i, data] as [number, T]] : [];
    });
}

/** Names of topics, of those too that are otherwise at fault: one fault is enough. */
function topicNames(topics: unknown): string[] {
    return blocksOf(topics).flatMap(([, { name }]) => (typeof name === "string" ? [name] : []));
}

/** What is laid over each other, from the bottom: environment, size, Project. */
interface Layers {
    readonly raw: Raw;
    readonly size: Size | undefined;
    readonly own: Raw;
    /** Where the Project stands. */
    readonly path: string;
}

/** A Project's block of one kind. What each layer says by itself has been checked; the whole is checked here. */
function readBlock<Shape extends z.core.$ZodShape>(
    schema: z.ZodObject<Shape>,
    rules: Rule<z.output<z.ZodObject<Shape>>>[],
    key: string,
    { raw, size, own, path }: Layers,
    faults: ConfigIssue[],
): z.output<z.ZodObject<Shape>> | undefined {
    const layers: [path: string, block: unknown][] = [[key, raw[key]]];
    if (size) {
        layers.push([size.requirements ? size.path : `${size.path}.${key}`, size.blocks[key]]);
    }
    layers.push([`${path}.${key}`, own[key]]);

    let merged: unknown;
    const known = new Set<string>();
    for (const [where, block] of layers) {
        if (block === undefined) {
            continue;
        }
        merged = merge(merged, block);
        // A fault stands where it appears first.
        for (const fault of ruleFaults(schema, rules, merged, where)) {
            if (!known.has(fault.message)) {
                known.add(fault.message);
                faults.push(fault);
            }
        }
    }
    const result = schema.safeParse(merged ?? {});
    if (result.success) {
        return result.data;
    }
    const missing = result.error.issues.filter(
        (issue) => issue.code !== "unrecognized_keys" && valueAt(merged ?? {}, issue.path) === undefined,
    );
    faults.push(
        ...missing.map((issue) => ({
            path: pathText([key, ...issue.path]),
            message: `is missing, ${issue.message}`,
        })),
    );
    return undefined;
}

function schemaIssues(error: z.ZodError, raw: unknown): ConfigIssue[] {
    return error.issues.flatMap((issue): ConfigIssue[] => {
        if (issue.code === "unrecognized_keys") {
            return issue.keys.map((key) => ({
                path: pathText([...issue.path, key]),
                message: unknownKey(issue.path),
            }));
        }
        const path = pathText(issue.path);
        if (issue.code === "invalid_key") {
            return [{ path, message: issue.issues[0]?.message ?? issue.message }];
        }
        const value = valueAt(raw, issue.path);
        // A need with a fault inside is told by that fault, not by the union that it is an option of.
        if (issue.code === "invalid_union" && isBlock(value)) {
            const inner = issue.errors.find((issues) => issues.some(({ path: within }) => within.length > 0));
            const unknown = issue.errors.flat().find(({ code }) => code === "unrecognized_keys");
            if (issue.path.at(-1) === "size" && (inner ?? unknown)) {
                return schemaIssues(new z.ZodError(inner ?? [unknown!]), value).map((fault) => ({
                    ...fault,
                    path: `${path}.${fault.path}`,
                }));
            }
        }
        const subject = value === undefined ? "is missing" : `${valueText(value)} is not allowed`;
        return [
            {
                path,
                message: issue.message.startsWith("is ") ? issue.message : `${subject}, ${issue.message}`,
            },
        ];
    });
}

/** A mistyped key is found at once beside those that there are. */
function unknownKey(block: readonly PropertyKey[]): string {
    let schema: z.core.JSONSchema.BaseSchema | undefined = z.toJSONSchema(environmentSchema, {
        io: "input",
        unrepresentable: "any",
    });
    for (const part of block) {
        const options = [schema, ...(schema?.anyOf ?? [])] as (z.core.JSONSchema.BaseSchema | undefined)[];
        schema = options
            .map((option): unknown =>
                typeof part === "number"
                    ? option?.items
                    : (option?.properties?.[String(part)] ?? option?.additionalProperties),
            )
            .find((below): below is z.core.JSONSchema.BaseSchema => isBlock(below));
    }
    const known = Object.keys(schema?.properties ?? {});
    return known.length > 0
        ? `is not a known key; there are ${known.sort().join(", ")}`
        : "is not a known key";
}

/** Faults of the Projects taken together: names that make no namespace, or the same one. */
function projectIssues(projects: readonly ProjectConfig[]): ConfigIssue[] {
    return projects.flatMap(({ name, namespace }, i): ConfigIssue[] => {
        const path = `projects[${i}].name`;
        if (!DNS_NAME.test(name)) {
            return []; // the schema has said so
        }
        const fault = namespaceError(namespace);
        if (fault !== undefined) {
            return [{ path, message: `${valueText(name)} ${fault}` }];
        }
        const first = projects.findIndex((other) => other.namespace === namespace);
        return first < i
            ? [{ path, message: `${valueText(name)} is already the name of projects[${first}]` }]
            : [];
    });
}

function distinct(faults: readonly ConfigIssue[]): ConfigIssue[] {
    const seen = new Set<string>();
    return faults.filter(({ path, message }) => {
        const key = `${path} ${message}`;
        return !seen.has(key) && seen.add(key);
    });
}
