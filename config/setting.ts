/** Prefix of this program's keys in a stack file: the name in Pulumi.yaml. */
export const PROGRAM = "unity-kafka";

/** Keys whose value is a text, whatever it looks like. */
const TEXTS: readonly string[] = ["image", "namespacePrefix"];

/**
 * The value of a top-level key. Pulumi hands all but texts over as JSON, and writes a truth value or number that
 * `pulumi config set` was given as a text into the stack file.
 */
export function settingValue(name: string, value: unknown): unknown {
    if (typeof value !== "string" || TEXTS.includes(name)) {
        return value;
    }
    try {
        return JSON.parse(value);
    } catch {
        return value;
    }
}
