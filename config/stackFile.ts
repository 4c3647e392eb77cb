/** Reads stack files without Pulumi. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { type Document, parseDocument } from "yaml";
import { ConfigError } from "./errors.ts";
import { readEnvironment } from "./load.ts";
import { isBlock } from "./raw.ts";
import type { Environment } from "./schema/environment.ts";
import { secretsProviderIssues } from "./secretsProvider.ts";
import { PROGRAM, settingValue } from "./setting.ts";

/** A stack file that does not exist or is not readable. */
export class UnreadableError extends Error {
    constructor(path: string, cause: unknown) {
        super(`${path} cannot be read (${(cause as NodeJS.ErrnoException).code ?? "unknown error"})`, {
            cause,
        });
        this.name = "UnreadableError";
    }
}

/**
 * The environment that a stack file describes.
 *
 * @throws UnreadableError
 * @throws ConfigError if it is not YAML or anything in it is invalid
 */
export function readStackFile(path: string): Environment {
    return readStackText(readText(path), basename(path), `Correct ${path}, then run: unity check ${path}`);
}

/**
 * The environment that the text of a stack file describes.
 *
 * @param source the file, as the message calls it
 * @param next what to do after correcting it
 * @throws ConfigError if it is not YAML or anything in it is invalid
 */
export function readStackText(text: string, source: string, next: string): Environment {
    const document = parseDocument(text, { merge: true });
    const [error] = document.errors;
    if (error) {
        const line = error.linePos?.[0].line ?? 0;
        throw new ConfigError(
            source,
            [{ path: `line ${line}`, message: error.message.split("\n")[0]! }],
            next,
        );
    }
    const content = contentOf(document, source, next);
    const usesEsc = isBlock(content) && content.environment !== undefined && content.environment !== null;
    try {
        return environmentOf(content, text, source, next);
    } catch (error) {
        throw usesEsc && error instanceof ConfigError ? withoutEsc(error, source, next) : error;
    }
}

/** The settings that Pulumi ESC may have are one error instead of one each: only Pulumi can open its environments. */
function withoutEsc({ issues }: ConfigError, source: string, next: string): ConfigError {
    const others = issues.filter(({ message }) => !message.startsWith("is missing"));
    const missing = issues.filter((issue) => !others.includes(issue)).map(({ path }) => path);
    const message = `Pulumi ESC is not read here, so the settings of this program must be under config; missing: ${missing.join(", ")}`;
    return new ConfigError(
        source,
        missing.length > 0 ? [{ path: "environment", message }, ...others] : others,
        next,
    );
}

function environmentOf(content: unknown, text: string, source: string, next: string): Environment {
    const config = isBlock(content) ? content.config : undefined;
    if (!isBlock(config)) {
        throw new ConfigError(
            source,
            [{ path: "config", message: "is missing, must be a block of settings" }],
            next,
        );
    }
    const raw: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(config)) {
        // Other programs' and providers' keys, such as gcp:project, are read by them.
        if (key.startsWith(`${PROGRAM}:`)) {
            const name = key.slice(PROGRAM.length + 1);
            raw[name] = settingValue(name, value);
        }
    }
    return readEnvironment(raw, source, next, secretsProviderIssues(text, raw));
}

function contentOf(document: Document, source: string, next: string): unknown {
    try {
        return document.toJS();
    } catch (error) {
        // Such as an alias without its anchor.
        throw new ConfigError(source, [{ path: "the file", message: (error as Error).message }], next);
    }
}

function readText(path: string): string {
    try {
        return readFileSync(path, "utf8");
    } catch (error) {
        throw new UnreadableError(path, error);
    }
}
