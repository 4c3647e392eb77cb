/** From what a stack file says to one readonly value, or to every fault there is. */
import { z } from "zod";
import { type Environment, environmentSchema, namespaceFault, type ProjectConfig } from "./environment.ts";
import { ConfigError, type Fault, pathText, valueText } from "./faults.ts";
import { DNS_NAME } from "./fields.ts";
import { type KafkaConfig, kafkaRules, kafkaSchema } from "./kafka.ts";
import { isBlock, type Rule, validFields } from "./rules.ts";
import { type ZookeeperConfig, zookeeperRules, zookeeperSchema } from "./zookeeper.ts";

type Raw = Record<string, unknown>;

/**
 * The environment that the top-level keys of a stack file describe.
 *
 * @param given the keys without the program's prefix, as YAML has them
 * @param source what to call the file in the message
 * @param next what the person should do after correcting it
 * @throws ConfigError naming every fault at once
 */
export function readEnvironment(given: Raw, source: string, next: string): Environment {
    const raw = withNamedProjects(given);
    const parsed = environmentSchema.safeParse(raw);
    const faults = parsed.success ? [] : schemaFaults(parsed.error, raw, []);
    faults.push(...ruleFaults(zookeeperSchema, zookeeperRules, raw.zookeeper, "zookeeper"));
    faults.push(...ruleFaults(kafkaSchema, kafkaRules, raw.kafka, "kafka"));
    const projects = readProjects(raw, faults);
    faults.push(...projectFaults(projects), ...placeFaults(raw), ...classFaults(raw));
    if (!parsed.success || faults.length > 0) throw new ConfigError(source, distinct(faults), next);
    const { zookeeper: _zookeeper, kafka: _kafka, ...environment } = parsed.data;
    return { ...environment, projects };
}

/** A Project may be written as its bare name. */
function withNamedProjects(raw: Raw): Raw {
    if (!Array.isArray(raw.projects)) return raw;
    return {
        ...raw,
        projects: raw.projects.map((entry: unknown) => (typeof entry === "string" ? { name: entry } : entry)),
    };
}

/** Each Project with the environment's blocks under its own; faults of its own block are added to `faults`. */
function readProjects(raw: Raw, faults: Fault[]): ProjectConfig[] {
    if (!Array.isArray(raw.projects)) return [];
    const prefix = typeof raw.namespacePrefix === "string" ? raw.namespacePrefix : "";
    return raw.projects.flatMap((entry: unknown, i): ProjectConfig[] => {
        const own: Raw = isBlock(entry) ? entry : {};
        const path = ["projects", i];
        const zookeeper = readBlock(zookeeperSchema, zookeeperRules, raw, own, "zookeeper", path, faults);
        const kafka = readBlock(kafkaSchema, kafkaRules, raw, own, "kafka", path, faults);
        if (typeof own.name !== "string") return [];
        const namespace = prefix + own.name;
        return [
            {
                name: own.name,
                namespace,
                zookeeper: zookeeper as ZookeeperConfig,
                kafka: kafka as KafkaConfig,
            },
        ];
    });
}

function readBlock<Shape extends z.core.$ZodShape>(
    schema: z.ZodObject<Shape>,
    rules: Rule<z.output<z.ZodObject<Shape>>>[],
    environment: Raw,
    project: Raw,
    key: string,
    path: readonly PropertyKey[],
    faults: Fault[],
): z.output<z.ZodObject<Shape>> | undefined {
    const own = project[key];
    const merged = merge(environment[key], own);
    const result = schema.safeParse(merged);
    // Without an override whatever is wrong stands in the environment's block and is reported there.
    if (!isBlock(own)) return result.data;
    const where = [...path, key];
    if (!result.success)
        faults.push(...schemaFaults(result.error, merged, where, (issue) => concerns(own, issue)));
    faults.push(
        ...ruleFaults(schema, rules, merged, pathText(where)).filter(
            (fault) =>
                !ruleFaults(schema, rules, environment[key], pathText(where)).some(
                    (f) => f.message === fault.message,
                ),
        ),
    );
    return result.data;
}

/** Whether a fault at `path` stands in this block, rather than in the one that it was merged over. */
function concerns(own: unknown, path: readonly PropertyKey[]): boolean {
    const [first, ...rest] = path;
    if (first === undefined) return true;
    if (!isBlock(own) || !(first in own)) return false;
    return concerns(own[String(first)], rest) || !isBlock(own[String(first)]);
}

/** `over` laid over `base`, block by block; lists are replaced whole. */
function merge(base: unknown, over: unknown): unknown {
    if (over === undefined) return base;
    if (!isBlock(base) || !isBlock(over)) return over;
    const merged: Raw = { ...base };
    for (const [key, value] of Object.entries(over)) merged[key] = merge(base[key], value);
    return merged;
}

function schemaFaults(
    error: z.ZodError,
    raw: unknown,
    path: readonly PropertyKey[],
    wanted: (issuePath: readonly PropertyKey[]) => boolean = () => true,
): Fault[] {
    return error.issues.flatMap((issue): Fault[] => {
        if (issue.code === "unrecognized_keys")
            return issue.keys
                .filter((key) => wanted([...issue.path, key]))
                .map((key) => ({
                    path: pathText([...path, ...issue.path, key]),
                    message: unknownKey([...path, ...issue.path]),
                }));
        if (!wanted(issue.path)) return [];
        if (issue.code === "invalid_key") {
            const message = issue.issues[0]?.message ?? issue.message;
            return [{ path: pathText([...path, ...issue.path]), message }];
        }
        const value = valueAt(raw, issue.path);
        const subject = value === undefined ? "is missing" : `${valueText(value)} is not allowed`;
        const message = issue.message.startsWith("is ") ? issue.message : `${subject}, ${issue.message}`;
        return [{ path: pathText([...path, ...issue.path]), message }];
    });
}

/** A mistyped key is found at once beside those that there are. */
function unknownKey(block: readonly PropertyKey[]): string {
    let schema: z.core.JSONSchema.BaseSchema | undefined = z.toJSONSchema(environmentSchema, {
        io: "input",
        unrepresentable: "any",
    });
    const top = block[0] === "projects" && block.length > 2 ? block.slice(2) : block;
    for (const part of top) {
        const below: unknown = typeof part === "number" ? schema?.items : schema?.properties?.[String(part)];
        schema = isBlock(below) ? (below as z.core.JSONSchema.BaseSchema) : undefined;
    }
    const known = Object.keys(schema?.properties ?? {});
    return known.length > 0
        ? `is not a known key; there are ${known.sort().join(", ")}`
        : "is not a known key";
}

function ruleFaults<Shape extends z.core.$ZodShape>(
    schema: z.ZodObject<Shape>,
    rules: Rule<z.output<z.ZodObject<Shape>>>[],
    raw: unknown,
    path: string,
): Fault[] {
    const valid = validFields(schema, raw);
    return rules.flatMap((rule) => {
        const fault = rule(valid);
        return fault ? [{ path: `${path}.${fault[0]}`, message: fault[1] }] : [];
    });
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

/** Faults of the places to run in: names given twice. */
function placeFaults(raw: Raw): Fault[] {
    const twice = (list: unknown, path: string, name: (entry: unknown) => unknown): Fault[] =>
        (Array.isArray(list) ? list.map(name) : []).flatMap((value, i, all) =>
            value !== undefined && all.indexOf(value) < i
                ? [{ path: `${path}[${i}]`, message: `${valueText(value)} is there twice` }]
                : [],
        );
    return [
        ...twice(raw.zones, "zones", (zone) => zone),
        ...twice(raw.storageClasses, "storageClasses", (entry) => (isBlock(entry) ? entry.name : undefined)),
    ];
}

/** A claim of a class that nothing creates would wait for ever. */
function classFaults(raw: Raw): Fault[] {
    const classes = Array.isArray(raw.storageClasses) ? raw.storageClasses : [];
    const names = classes.flatMap((entry: unknown) => (isBlock(entry) ? [entry.name] : []));
    const blocks: [path: string, block: unknown][] = [["", raw]];
    if (Array.isArray(raw.projects))
        blocks.push(...raw.projects.map((entry, i): [string, unknown] => [`projects[${i}].`, entry]));
    return blocks.flatMap(([path, block]) =>
        ["zookeeper", "kafka"].flatMap((key): Fault[] => {
            const wanted = valueAt(block, [key, "disk", "storageClass"]);
            if (typeof wanted !== "string" || names.includes(wanted)) return [];
            const among = names.length > 0 ? names.join(", ") : "none are there";
            return [
                {
                    path: `${path}${key}.disk.storageClass`,
                    message: `${wanted} is not among storageClasses (${among})`,
                },
            ];
        }),
    );
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
    return path.reduce<unknown>(
        (value, part) => (typeof value === "object" && value !== null ? Reflect.get(value, part) : undefined),
        raw,
    );
}

function distinct(faults: readonly Fault[]): Fault[] {
    const seen = new Set<string>();
    return faults.filter(({ path, message }) => {
        const key = `${path} ${message}`;
        return !seen.has(key) && seen.add(key);
    });
}
