/** How a Project's blocks come together: the environment's, over them its size's, over those its own. */
import type { z } from "zod";
import type { ConfigIssue } from "../common/configIssue.ts";
import { pathText } from "./errors.ts";
import { isBlock, type Raw, valueAt } from "./raw.ts";
import { isRuleIssue, type Rule, withRules } from "./schema/rules.ts";
import type { Size } from "./sizes.ts";

/** The layers of a Project, from the bottom. */
export interface Layers {
    readonly environment: Raw;
    readonly size: Size | undefined;
    readonly project: Raw;
    /** Path of the Project. */
    readonly path: string;
}

/** `over` merged into `base`, block by block; lists are replaced as a whole. */
function merge(base: unknown, over: unknown): unknown {
    if (over === undefined) {
        return base;
    }
    if (!isBlock(base) || !isBlock(over)) {
        return over;
    }
    const merged: Raw = { ...base };
    for (const [key, value] of Object.entries(over)) {
        merged[key] = merge(base[key], value);
    }
    return merged;
}

/**
 * One block of a Project from all layers, or undefined where it is invalid. The fields of each layer have been
 * checked; what is missing from all of them, and the rules across fields, are checked here.
 */
export function readBlock<Schema extends z.ZodObject>(
    schema: Schema,
    rules: readonly Rule<z.output<Schema>>[],
    key: string,
    { environment, size, project, path }: Layers,
    issues: ConfigIssue[],
): z.output<Schema> | undefined {
    const whole = withRules(schema, rules);
    const layers: [path: string, block: unknown][] = [[key, environment[key]]];
    if (size) {
        layers.push([size.requirements ? size.path : `${size.path}.${key}`, size.blocks[key]]);
    }
    layers.push([`${path}.${key}`, project[key]]);

    let merged: unknown = {};
    let result = whole.safeParse(merged);
    const known = new Set<string>();
    for (const [where, block] of layers) {
        if (block === undefined) {
            continue;
        }
        merged = merge(merged, block);
        result = whole.safeParse(merged);
        // An error is reported for the first layer that has it.
        for (const issue of result.error?.issues ?? []) {
            if (isRuleIssue(issue) && !known.has(issue.message)) {
                known.add(issue.message);
                issues.push({ path: `${where}.${pathText(issue.path)}`, message: issue.message });
            }
        }
    }
    for (const issue of result.error?.issues ?? []) {
        const isMissing =
            !isRuleIssue(issue) &&
            issue.code !== "unrecognized_keys" &&
            valueAt(merged, issue.path) === undefined;
        if (isMissing) {
            issues.push({ path: pathText([key, ...issue.path]), message: `is missing, ${issue.message}` });
        }
    }
    // Without the rules: what they object to is reported, and the rest of the block still counts for other checks.
    return schema.safeParse(merged).data;
}
