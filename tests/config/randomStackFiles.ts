/** Random stack files: from the schema, and from real ones of which some values are replaced. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { parse } from "yaml";
import { brokerSettings, topicSettings } from "../../common/kafkaSettings.ts";
import { root } from "../../common/paths.ts";
import { isBlock, type Raw } from "../../config/raw.ts";

/** What the generated schema uses of JSON Schema. */
interface Schema {
    readonly type?: string;
    readonly enum?: readonly unknown[];
    readonly const?: unknown;
    readonly anyOf?: readonly Schema[];
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly required?: readonly string[];
    readonly additionalProperties?: Schema | boolean;
    readonly items?: Schema;
    readonly minItems?: number;
    readonly maxItems?: number;
    readonly minimum?: number;
    readonly maximum?: number;
    readonly pattern?: string;
}

const SCHEMA = (
    JSON.parse(readFileSync(join(root, "config/stack.schema.json"), "utf8")) as {
        properties: { config: Schema };
    }
).properties.config;

/** Files to begin with; together they have every optional block. */
const FILES = [
    ...["Pulumi.dev.yaml", "Pulumi.prod.yaml", "Pulumi.local.yaml", "tests/golden/everything.yaml"],
    ...["minimal", "requirements", "bridge", "many-projects"].map((name) => `examples/${name}.yaml`),
];

/** Words that mean something in a stack file, or to JavaScript, YAML, a shell or a properties file. */
const WORDS = [
    ...["kafka", "zookeeper", "one", "orders", "orders*", "small", "ssd", "theirs", "first", "forever"],
    ...["512Mi", "4Gi", "100Gi", "999999999Ti", "500m", "24h", "7d", "30MB/s", "0.0001kB/s", "3.8", "3.9"],
    ...["europe-west1-b", "europe-west1-z", "172.16.0.0/28", "10.0.0.1/8", "unity.local/kafka:3.9.2"],
    ...["-1", "0", "1", "1e400", "9223372036854775808", "true", "null", "", " ", "~", "[", "{", "a=b"],
    ...["__proto__", "constructor", "toString", "hasOwnProperty", "length", "$&", `\${x}`, "`id`", "$(id)"],
    ...["a\nb", "a\tb", "'", '"', "\\", "#", "\u2028", "\u0000", "é", "𝒳", "a".repeat(300)],
];

const SETTINGS = [...brokerSettings.keys(), ...topicSettings.keys()];

const word = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...WORDS) },
    { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
);
const number = fc.oneof(
    fc.integer({ min: -2, max: 12 }),
    fc.constantFrom(100, 1000, 65_535, 2 ** 31, 2 ** 53, 1e21, -1e9, 0.5, -0, 1e-9),
);
const key = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...SETTINGS) }, { weight: 1, arbitrary: word });

/** Anything that YAML can hold. */
const anything: fc.Arbitrary<unknown> = fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    word,
    number,
    fc.boolean(),
    fc.constant(null),
    // Which no template and no String() can make a text of.
    fc.constant({ toString: null, valueOf: {} }),
    fc.array(fc.oneof(word, number, fc.constant(null), fc.constant({}), fc.constant([])), { maxLength: 3 }),
    fc.dictionary(key, fc.oneof(word, number, fc.constantFrom(null, [], { toString: null })), { maxKeys: 3 }),
);

const arbitraries = new WeakMap<Schema, fc.Arbitrary<unknown>>();

/** Mostly what a schema allows, and now and then anything. */
function arbitraryOf(schema: Schema): fc.Arbitrary<unknown> {
    const known = arbitraries.get(schema);
    const arbitrary =
        known ?? fc.oneof({ weight: 30, arbitrary: allowedBy(schema) }, { weight: 1, arbitrary: anything });
    arbitraries.set(schema, arbitrary);
    return arbitrary;
}

function allowedBy(schema: Schema): fc.Arbitrary<unknown> {
    if (schema.anyOf !== undefined) {
        return fc.oneof(...schema.anyOf.map(arbitraryOf));
    }
    if (schema.enum !== undefined || schema.const !== undefined) {
        return fc.constantFrom(...(schema.enum ?? [schema.const]));
    }
    switch (schema.type) {
        case "object":
            return blockOf(schema);
        case "array":
            return fc.array(arbitraryOf(schema.items ?? {}), {
                minLength: schema.minItems ?? 0,
                maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? 3, 3)),
            });
        case "integer":
        case "number": {
            const { minimum = -1000, maximum = 1e6 } = schema;
            const ends = [minimum, maximum, Math.min(minimum + 2, maximum)];
            const within = schema.type === "integer" ? fc.integer({ min: minimum, max: maximum }) : number;
            return fc.oneof(fc.constantFrom(...ends), within);
        }
        case "boolean":
            return fc.boolean();
        case "string":
            return textOf(schema);
        default:
            return anything;
    }
}

function blockOf({ properties = {}, required = [], additionalProperties }: Schema): fc.Arbitrary<unknown> {
    if (Object.keys(properties).length === 0) {
        const value = isBlock(additionalProperties) ? arbitraryOf(additionalProperties as Schema) : anything;
        return fc.dictionary(key, value, { maxKeys: 3 });
    }
    const fields = fc.record(
        Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, arbitraryOf(field)])),
        { requiredKeys: [...required] },
    );
    const more = fc.oneof(
        { weight: 40, arbitrary: fc.constant({}) },
        { weight: 1, arbitrary: fc.dictionary(key, anything, { minKeys: 1, maxKeys: 1 }) },
    );
    return fc.tuple(fields, more).map(([block, others]) => ({ ...block, ...others }));
}

function textOf({ pattern }: Schema): fc.Arbitrary<string> {
    // fast-check makes no text for an assertion that looks ahead.
    if (pattern === undefined || pattern.includes("(?!")) {
        return word;
    }
    const fitting = fc.stringMatching(new RegExp(pattern), { size: "small" });
    return fc.oneof({ weight: 8, arbitrary: fitting }, { weight: 1, arbitrary: word });
}

/** The schema of the value at a path. */
function schemaAt(path: readonly (string | number)[]): Schema {
    let options: readonly Schema[] = [SCHEMA];
    for (const part of path) {
        options = options
            .flatMap((schema) => [schema, ...(schema.anyOf ?? [])])
            .flatMap(({ items, properties, additionalProperties }) => {
                const below = typeof part === "number" ? items : (properties?.[part] ?? additionalProperties);
                return isBlock(below) ? [below as Schema] : [];
            });
    }
    // Keys of other programs may hold anything.
    return options.length === 0 ? {} : { anyOf: options };
}

/** The path of every value within a block or list. */
function pathsIn(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
    const below: [string | number, unknown][] = Array.isArray(value)
        ? value.map((entry, i) => [i, entry])
        : isBlock(value)
          ? Object.entries(value)
          : [];
    return below.flatMap(([part, entry]) => [[...path, part], ...pathsIn(entry, [...path, part])]);
}

/** The content of a real file with up to four of its values replaced by what the schema allows there. */
const changedFile = fc
    .constantFrom(...FILES)
    .map((file) => (parse(readFileSync(join(root, file), "utf8")) as { config: Raw }).config)
    .chain((config) => {
        const change = fc
            .constantFrom(...pathsIn(config))
            .chain((path) => arbitraryOf(schemaAt(path)).map((value) => ({ path, value })));
        return fc.array(change, { maxLength: 4 }).map((changes) => {
            const changed = structuredClone(config);
            for (const { path, value } of changes) {
                const block = path
                    .slice(0, -1)
                    .reduce<unknown>(
                        (at, part) =>
                            typeof at === "object" && at !== null ? Reflect.get(at, part) : undefined,
                        changed,
                    );
                if (typeof block === "object" && block !== null) {
                    Reflect.set(block, path.at(-1)!, value);
                }
            }
            return changed;
        });
    });

/** The `config` of a stack file. */
export const stackConfig: fc.Arbitrary<unknown> = fc.oneof(
    { weight: 3, arbitrary: changedFile },
    { weight: 1, arbitrary: arbitraryOf(SCHEMA) },
);
