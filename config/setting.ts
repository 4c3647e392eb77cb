import { isBlock } from "./raw.ts";

/** Prefix of this program's keys in a stack file: the name in Pulumi.yaml. */
export const PROGRAM = "unity-kafka";

/** Keys whose value is always text, even if it is JSON. */
const TEXTS: readonly string[] = ["image", "namespacePrefix"];

/** Blocks that may be left out altogether. Pulumi declares no key without a default, so `{}` stands for none. */
const OPTIONAL_BLOCKS: readonly string[] = ["gke", "ikp"];

/**
 * The value of a top-level key. Pulumi passes all but text as JSON, and `pulumi config set` writes booleans and
 * numbers as strings into the stack file.
 */
export function settingValue(name: string, value: unknown): unknown {
    const parsed = parsedValue(name, value);
    return OPTIONAL_BLOCKS.includes(name) && isBlock(parsed) && Object.keys(parsed).length === 0
        ? undefined
        : parsed;
}

function parsedValue(name: string, value: unknown): unknown {
    if (typeof value !== "string" || TEXTS.includes(name)) {
        return value;
    }
    try {
        return JSON.parse(value);
    } catch {
        return value;
    }
}
