/** Checks across several fields of one block, which run even where other fields of it are at fault. */
import type { z } from "zod";

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
        if (result.success && result.data !== undefined) valid[key] = result.data;
    }
    return valid as Partial<z.output<z.ZodObject<Shape>>>;
}

export function isBlock(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
