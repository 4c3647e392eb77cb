import type { ConfigIssue } from "../common/configIssue.ts";

/** Every error of an environment's config at once; the message is all that a person needs to read. */
export class ConfigError extends Error {
    readonly issues: readonly ConfigIssue[];

    /**
     * @param source the file, as the message calls it
     * @param next what to do after correcting it
     */
    constructor(source: string, issues: readonly ConfigIssue[], next: string) {
        const lines = issues.map(({ path, message }) => `  ${path}: ${message}`);
        const count = issues.length === 1 ? "1 error" : `${issues.length} errors`;
        super([`${source} has ${count}:`, ...lines, next].join("\n"));
        this.name = "ConfigError";
        this.issues = issues;
    }
}

/** `projects[0].kafka.brokers` from the parts of a path. */
export function pathText(path: readonly PropertyKey[]): string {
    return path
        .map((part, i) => (typeof part === "number" ? `[${part}]` : `${i ? "." : ""}${String(part)}`))
        .join("");
}

/** A value as it would be written in YAML, cut to one short line. */
export function valueText(value: unknown): string {
    const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "nothing");
    return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** Names that may be chosen, for a message; what is not a text is none. */
export function namesText(values: readonly unknown[]): string {
    const names = values.filter((value) => typeof value === "string");
    return names.length > 0 ? names.join(", ") : "none are defined";
}

/** The entries of a list that repeat an earlier one, with their index. Undefined never repeats. */
export function duplicates(
    values: readonly unknown[],
): { readonly index: number; readonly message: string }[] {
    return values.flatMap((value, index) =>
        value !== undefined && values.indexOf(value) < index
            ? [{ index, message: `${valueText(value)} is duplicated` }]
            : [],
    );
}
