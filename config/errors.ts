/** What is wrong with one value of the config. */
export interface ConfigIssue {
    /** Where it stands in the stack file, such as `projects[0].kafka.brokers`. */
    readonly path: string;
    /** What is wrong and what is allowed, to be read after the path. */
    readonly message: string;
}

/** Every fault of an environment's config at once; the message is all that a person needs to read. */
export class ConfigError extends Error {
    readonly issues: readonly ConfigIssue[];

    constructor(source: string, faults: readonly ConfigIssue[], next: string) {
        const lines = faults.map((fault) => `  ${fault.path}: ${fault.message}`);
        const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
        super([`${source} has ${count}:`, ...lines, next].join("\n"));
        this.name = "ConfigError";
        this.issues = faults;
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
    const text = JSON.stringify(value) ?? "nothing";
    return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
