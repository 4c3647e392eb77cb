/** The errors of the schema, in words. */
import { z } from "zod";
import type { ConfigIssue } from "../common/configIssue.ts";
import { pathText, valueText } from "./errors.ts";
import { isBlock, type Raw, valueAt } from "./raw.ts";
import { environmentSchema } from "./schema/environment.ts";
import { isRuleIssue } from "./schema/rules.ts";

type Parsed = z.output<typeof environmentSchema>;

/** The top-level keys of a stack file, each by itself and by the rules of its block; either data or errors. */
export function validate(raw: Raw): { readonly data?: Parsed; readonly issues: readonly ConfigIssue[] } {
    const { success, data, error } = environmentSchema.safeParse(raw);
    return success ? { data, issues: [] } : { issues: issuesOf(error.issues, raw) };
}

function issuesOf(issues: readonly z.core.$ZodIssue[], raw: unknown): ConfigIssue[] {
    return issues.flatMap((issue): ConfigIssue[] => {
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
        // An error within requirements is reported itself, rather than that of the union they are an option of.
        if (issue.code === "invalid_union" && issue.path.at(-1) === "size" && isBlock(value)) {
            const inner =
                issue.errors.find((option) => option.some(({ path: within }) => within.length > 0)) ??
                issue.errors.flat().filter(({ code }) => code === "unrecognized_keys");
            if (inner.length > 0) {
                return issuesOf(inner, value).map((below) => ({ ...below, path: `${path}.${below.path}` }));
            }
        }
        if (isRuleIssue(issue) || issue.message.startsWith("is ")) {
            return [{ path, message: issue.message }];
        }
        const subject = value === undefined ? "is missing" : `${valueText(value)} is not allowed`;
        return [{ path, message: `${subject}, ${issue.message}` }];
    });
}

/** The schema as data, by which known keys are found. It takes a while, and only errors need it. */
let jsonSchema: z.core.JSONSchema.BaseSchema | undefined;

/** Beside the known keys a mistyped one is seen at once. */
function unknownKey(block: readonly PropertyKey[]): string {
    jsonSchema ??= z.toJSONSchema(environmentSchema, { io: "input", unrepresentable: "any" });
    let schema: z.core.JSONSchema.BaseSchema | undefined = jsonSchema;
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
