/** Checks across the fields of one block. */
import type { z } from "zod";
import { isBlock } from "../raw.ts";

/** Reports an error at a path within the block; the message is read directly after the path. */
export type Report = (path: readonly PropertyKey[], message: string) => void;

/**
 * A check across fields. It runs although other fields of the block are invalid: an invalid field is undefined, as
 * is a missing one, and listed in `invalid`.
 */
export type Rule<T> = (
    fields: { readonly [Field in keyof T]?: T[Field] | undefined },
    error: Report,
    invalid: ReadonlySet<PropertyKey | undefined>,
) => void;

/** Tells the errors of rules from those of single fields. */
const RULE = { rule: true } as const;

/**
 * The schema of a block with rules added. Zod refuses `partial()` of the result, so blocks that are layered have
 * their rules added to each variant.
 */
export function withRules<Schema extends z.ZodObject>(
    schema: Schema,
    rules: readonly Rule<z.output<Schema>>[],
): Schema {
    return schema.superRefine(
        (block, context) => {
            // A block within this one that only its own rules object to still counts for the rules of this one.
            const invalid = new Set(
                context.issues
                    .filter((issue) => !isRuleIssue(issue as z.core.$ZodIssue))
                    .map(({ path }) => path?.[0]),
            );
            const valid = Object.fromEntries(
                Object.entries(block).filter(([field]) => !invalid.has(field)),
            ) as Partial<z.output<Schema>>;
            for (const rule of rules) {
                const report: Report = (path, message) =>
                    context.addIssue({ code: "custom", path: [...path], message, params: RULE });
                rule(valid, report, invalid);
            }
        },
        { when: ({ value }) => isBlock(value) },
    );
}

/** Whether a rule found this error, rather than the schema of a single field. */
export function isRuleIssue(issue: z.core.$ZodIssue): boolean {
    return issue.code === "custom" && issue.params?.rule === true;
}
