/** Every key that a stack file may have, with its meaning, the values it allows and its default, from the schema. */
import { z } from "zod";
import { certificatesSchema } from "./schema/certificates.ts";
import { environmentSchema } from "./schema/environment.ts";
import { kafkaSchema } from "./schema/kafka.ts";
import { zookeeperSchema } from "./schema/zookeeper.ts";

export interface Key {
    /** Blocks are separated by dots; `[]` stands for an entry of a list, `NAME` for a name of your own. */
    readonly path: string;
    readonly meaning: string;
    readonly allowed: string;
    readonly default: string;
}

/** A layer may lack any key of these blocks. Here they are whole, so that a key that no layer may lack is seen. */
const LAYERED: Record<string, z.ZodObject> = {
    zookeeper: zookeeperSchema,
    kafka: kafkaSchema,
    certificates: certificatesSchema,
};

/** A Project and a size repeat the keys of the environment's blocks, and each alert those of the others: listed once. */
const REPEATED =
    /^((projects\[\]|sizes\.NAME)\.(zookeeper|kafka|certificates|monitoring|size)|monitoring\.alerts)$/;

/** The key of a secret, which Pulumi writes. */
const CIPHERTEXT = "secure";

const REQUIRED = "required";

const DEFAULT = / ?Default: (.*?)\.$/;

/** All keys, each block before the keys within it. */
export function keysOf(schema: z.ZodType = environmentSchema, path = ""): Key[] {
    const inner = unwrapped(LAYERED[path] ?? schema);
    return [...(path === "" ? [] : [keyOf(path, schema, inner)]), ...keysWithin(inner, path)];
}

function keysWithin(schema: z.ZodType, path: string): Key[] {
    if (REPEATED.test(path)) {
        return [];
    }
    if (schema instanceof z.ZodObject) {
        return Object.entries(schema.shape)
            .filter(([name]) => name !== CIPHERTEXT)
            .flatMap(([name, field]) => keysOf(field as z.ZodType, path === "" ? name : `${path}.${name}`));
    }
    if (schema instanceof z.ZodArray) {
        return keysWithin(unwrapped(schema.element as z.ZodType), `${path}[]`);
    }
    if (schema instanceof z.ZodRecord) {
        return keysWithin(unwrapped(schema.valueType as z.ZodType), `${path}.NAME`);
    }
    if (schema instanceof z.ZodUnion) {
        return keysOfForms(schema.options.map((option) => keysWithin(unwrapped(option as z.ZodType), path)));
    }
    return [];
}

/** The keys of an entry that has several forms: each once, and required only if every form requires it. */
function keysOfForms(forms: readonly Key[][]): Key[] {
    const blocks = forms.filter((keys) => keys.length > 0);
    const byPath = Map.groupBy(blocks.flat(), ({ path }) => path);
    return [...byPath.values()].map((same) => ({
        ...same[0]!,
        default: same.length < blocks.length && same[0]!.default === REQUIRED ? "" : same[0]!.default,
    }));
}

function keyOf(path: string, schema: z.ZodType, inner: z.ZodType): Key {
    const description = descriptionOf(schema) ?? "";
    return {
        path,
        meaning: description.replace(DEFAULT, ""),
        allowed: allowedBy(inner),
        default: DEFAULT.exec(description)?.[1] ?? defaultOf(schema, inner),
    };
}

/** A schema without what makes it optional, gives it a default or transforms its value. */
function unwrapped(schema: z.ZodType): z.ZodType {
    if (
        schema instanceof z.ZodOptional ||
        schema instanceof z.ZodDefault ||
        schema instanceof z.ZodPrefault
    ) {
        return unwrapped(schema.unwrap() as z.ZodType);
    }
    return schema instanceof z.ZodPipe ? unwrapped(schema.in as z.ZodType) : schema;
}

/** The description of a schema, or of what it wraps. */
function descriptionOf(schema: z.ZodType): string | undefined {
    if (schema.description !== undefined || !("unwrap" in schema) || schema instanceof z.ZodArray) {
        return schema.description;
    }
    return descriptionOf((schema as z.ZodOptional).unwrap() as z.ZodType);
}

/** A schema says what it allows in the error for everything else. */
function allowedBy(schema: z.ZodType): string {
    if (schema instanceof z.ZodEnum) {
        return schema.options.map((option) => `\`${option}\``).join(", ");
    }
    if (schema instanceof z.ZodLiteral) {
        return [...schema.values].map((value) => `\`${String(value)}\``).join(", ");
    }
    if (schema instanceof z.ZodRecord && schema.valueType instanceof z.ZodString) {
        return "a block of texts";
    }
    const messages = [schema, ...(schema instanceof z.ZodUnion ? (schema.options as z.ZodType[]) : [])].map(
        (option) => unwrapped(option).safeParse(undefined).error?.issues[0]?.message ?? "",
    );
    const allowed = /^(?:must (?:be|have|name)|is not) (.*)$/;
    return messages.flatMap((message) => allowed.exec(message)?.[1] ?? [])[0] ?? "";
}

function defaultOf(schema: z.ZodType, inner: z.ZodType): string {
    const { success, data } = schema.safeParse(undefined);
    if (!success) {
        return REQUIRED;
    }
    if (data === undefined) {
        return "none";
    }
    // The keys of a block have defaults of their own.
    return inner instanceof z.ZodObject
        ? ""
        : `\`${typeof data === "string" && data !== "" ? data : JSON.stringify(data)}\``;
}
