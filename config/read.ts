/** From what a stack file says to one readonly value, or to every fault there is. */
import { z } from "zod";
import { bridgeFaults, bridgeSchema } from "./bridge.ts";
import { capacityFaults } from "./capacity.ts";
import { type CertificatesConfig, certificatesRules, certificatesSchema } from "./certificates.ts";
import { componentFaults, componentSchema, resolveComponent } from "./components.ts";
import { type Environment, environmentSchema, namespaceFault, type ProjectConfig } from "./environment.ts";
import { ConfigError, type Fault, pathText, valueText } from "./faults.ts";
import { DNS_NAME } from "./fields.ts";
import { resolveGke } from "./gke.ts";
import { ikpFaults } from "./ikp.ts";
import { type KafkaConfig, kafkaRules, kafkaSchema } from "./kafka.ts";
import { placeFaults } from "./places.ts";
import { blocksOf, isBlock, type Rule, ruleFaults, valueAt } from "./rules.ts";
import { secretFaults } from "./secrets.ts";
import { merge, type Size, sizeFaults, sizeOf } from "./sizes.ts";
import { resolveTopic, topicFaults, topicSchema } from "./topics.ts";
import { warningsOf } from "./warnings.ts";
import { type ZookeeperConfig, zookeeperRules, zookeeperSchema } from "./zookeeper.ts";

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
    const faults = parsed.success ? [] : schemaFaults(parsed.error, raw);
    faults.push(...sizeFaults(raw));
    const projects = readProjects(raw, faults);
    faults.push(...projectFaults(projects), ...placeFaults(raw), ...secretFaults(raw));
    faults.push(...ikpFaults(raw.ikp), ...bridgeFaults(raw));
    if (!parsed.success || faults.length > 0) throw new ConfigError(source, distinct(faults), next);
    const { zookeeper, kafka, certificates, sizes, size, gke, ...rest } = parsed.data;
    const environment = { ...rest, ...(gke && { gke: resolveGke(gke, rest.zones) }), projects, warnings: [] };
    // Pods are only counted once each of them is known to be right.
    const tooMuch = capacityFaults(environment);
    if (tooMuch.length > 0) throw new ConfigError(source, tooMuch, next);
    return { ...environment, warnings: warningsOf(environment) };
}

/** Each Project with all that is laid over each other; faults of the whole are added to `faults`. */
function readProjects(raw: Raw, faults: Fault[]): ProjectConfig[] {
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
            ...topicFaults(topics, kafka?.brokers, `${path}.topics`),
            ...componentFaults(components, topicNames(own.topics), `${path}.components`),
        );
        // Its own faults have been found with the schema of the whole.
        const { data: bridge } = bridgeSchema.safeParse(own.bridge);
        if (typeof own.name !== "string") return [];
        return [
            {
                name: own.name,
                namespace: prefix + own.name,
                ...(size?.need && { need: size.need }),
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
    faults: Fault[],
): z.output<z.ZodObject<Shape>> | undefined {
    const layers: [path: string, block: unknown][] = [[key, raw[key]]];
    if (size) layers.push([size.need ? size.path : `${size.path}.${key}`, size.blocks[key]]);
    layers.push([`${path}.${key}`, own[key]]);

    let merged: unknown;
    const known = new Set<string>();
    for (const [where, block] of layers) {
        if (block === undefined) continue;
        merged = merge(merged, block);
        // A fault stands where it appears first.
        for (const fault of ruleFaults(schema, rules, merged, where))
            if (!known.has(fault.message)) {
                known.add(fault.message);
                faults.push(fault);
            }
    }
    const result = schema.safeParse(merged ?? {});
    if (result.success) return result.data;
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

function schemaFaults(error: z.ZodError, raw: unknown): Fault[] {
    return error.issues.flatMap((issue): Fault[] => {
        if (issue.code === "unrecognized_keys")
            return issue.keys.map((key) => ({
                path: pathText([...issue.path, key]),
                message: unknownKey(issue.path),
            }));
        const path = pathText(issue.path);
        if (issue.code === "invalid_key")
            return [{ path, message: issue.issues[0]?.message ?? issue.message }];
        const value = valueAt(raw, issue.path);
        // A need with a fault inside is told by that fault, not by the union that it is an option of.
        if (issue.code === "invalid_union" && isBlock(value)) {
            const inner = issue.errors.find((issues) => issues.some(({ path: within }) => within.length > 0));
            const unknown = issue.errors.flat().find(({ code }) => code === "unrecognized_keys");
            if (issue.path.at(-1) === "size" && (inner ?? unknown))
                return schemaFaults(new z.ZodError(inner ?? [unknown!]), value).map((fault) => ({
                    ...fault,
                    path: `${path}.${fault.path}`,
                }));
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
function projectFaults(projects: readonly ProjectConfig[]): Fault[] {
    return projects.flatMap(({ name, namespace }, i): Fault[] => {
        const path = `projects[${i}].name`;
        if (!DNS_NAME.test(name)) return []; // the schema has said so
        const fault = namespaceFault(namespace);
        if (fault !== undefined) return [{ path, message: `${valueText(name)} ${fault}` }];
        const first = projects.findIndex((other) => other.namespace === namespace);
        return first < i
            ? [{ path, message: `${valueText(name)} is already the name of projects[${first}]` }]
            : [];
    });
}

function distinct(faults: readonly Fault[]): Fault[] {
    const seen = new Set<string>();
    return faults.filter(({ path, message }) => {
        const key = `${path} ${message}`;
        return !seen.has(key) && seen.add(key);
    });
}
