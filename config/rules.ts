/** Checks across several fields of one block, which run even where other fields of it are at fault. */
import type { z } from "zod";
import type { ConfigIssue } from "./errors.ts";

/** Field and message of a fault, or nothing. A field that is at fault itself comes as undefined. */
export type Rule<T> = (value: Partial<T>) => readonly [field: string, message: string] | undefined;

/** The fields of `raw` that are right by themselves, with their defaults. */
export function validFields<Shape extends z.core.$ZodShape>(
    schema: z.ZodObject<Shape>,
    raw: unknown,
): Partial<z.output<z.ZodObject<Shape>>> {
    const given: Record<string, unknown> = isBlock(raw) ? raw : {};
    const valid: Record<string, unknown> = {};
    for (const [key, field] of Object.entries(schema.shape)) {
        const result = (field as z.ZodType).safeParse(given[key]);
        if (result.success && result.data !== undefined) {
            valid[key] = result.data;
        }
    }
    return valid as Partial<z.output<z.ZodObject<Shape>>>;
}

export function isBlock(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What stands at a path within blocks and lists; undefined where there is nothing. */
export function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
    return path.reduce<unknown>(
        (value, part) => (typeof value === "object" && value !== null ? Reflect.get(value, part) : undefined),
        raw,
    );
}

/** The blocks of a list of blocks, each with its index; whatever else stands there is the schema's business. */
export function blocksOf(list: unknown): [index: number, block: Record<string, unknown>][] {
    return Array.isArray(list)
        ? list.flatMap((entry: unknown, i) => (isBlock(entry) ? [[i, entry]] : []))
        : [];
}

/** Faults of a block by rules across its fields. */
export function ruleFaults<Shape extends z.core.$ZodShape>(
    schema: z.ZodObject<Shape>,
    rules: Rule<z.output<z.ZodObject<Shape>>>[],
    raw: unknown,
    path: string,
): ConfigIssue[] {
    const valid = validFields(schema, raw);
    return rules.flatMap((rule) => {
        const fault = rule(valid);
        return fault ? [{ path: `${path}.${fault[0]}`, message: fault[1] }] : [];
    });
}
