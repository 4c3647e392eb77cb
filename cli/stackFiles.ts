/** The stack files of this checkout. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../common/paths.ts";
import type { ConfigError } from "../config/errors.ts";
import type { Environment } from "../config/schema/environment.ts";
import { exitCode, UnityError } from "./errors.ts";

/** Names of the stacks that have a file here. */
export function stackNames(): string[] {
    return readdirSync(root).flatMap((name) => /^Pulumi\.([a-zA-Z0-9_-]+)\.yaml$/.exec(name)?.[1] ?? []);
}

export function stackPath(stack: string): string {
    return join(root, `Pulumi.${stack}.yaml`);
}

/**
 * The files that a command with `[FILE]` and `--stack NAME` is about: every stack's where neither is given.
 * @throws UnityError for both at once
 */
export function stackFiles(file: string | undefined, stack: string | undefined): string[] {
    if (file !== undefined && stack !== undefined) {
        throw new UnityError(
            "A file and --stack cannot be given together",
            "Give only one of them",
            exitCode.usage,
        );
    }
    if (file !== undefined) {
        return [file];
    }
    return stack !== undefined ? [stackPath(stack)] : stackNames().map(stackPath);
}

/**
 * The environment of a stack file, or all that is wrong with it.
 * @throws UnityError when the file cannot be read
 */
export async function tryEnvironment(path: string): Promise<Environment | ConfigError> {
    // The schema takes a while to load, which sending a file need not wait for.
    const { readStackFile, UnreadableError } = await import("../config/stackFile.ts");
    const { ConfigError } = await import("../config/errors.ts");
    try {
        return readStackFile(path);
    } catch (error) {
        if (error instanceof UnreadableError) {
            const hint = `The stacks of this checkout are ${stackNames().join(", ")}`;
            throw new UnityError(error.message, hint, exitCode.usage, error);
        }
        if (error instanceof ConfigError) {
            return error;
        }
        throw error;
    }
}

/**
 * The environment of the text of a stack file, or all that is wrong with it.
 * @param source the file, as the message calls it
 * @param next what follows from an error
 */
export async function environmentOfText(
    text: string,
    source: string,
    next: string,
): Promise<Environment | ConfigError> {
    const { readStackText } = await import("../config/stackFile.ts");
    const { ConfigError } = await import("../config/errors.ts");
    try {
        return readStackText(text, source, next);
    } catch (error) {
        if (error instanceof ConfigError) {
            return error;
        }
        throw error;
    }
}

/**
 * The environment of a stack file; undefined when it is invalid: then its errors have been written to standard error.
 * @throws UnityError when the file cannot be read
 */
export async function readEnvironment(path: string): Promise<Environment | undefined> {
    const result = await tryEnvironment(path);
    if (result instanceof Error) {
        process.stderr.write(`${result.message}\n`);
        return undefined;
    }
    return result;
}

/**
 * The environment of a stack of this checkout. Its errors go to standard error.
 * @throws UnityError when there is no such stack, or it is invalid
 */
export async function readStack(name: string): Promise<Environment> {
    const environment = await readEnvironment(stackPath(name));
    if (environment === undefined) {
        throw invalidStack(name);
    }
    return environment;
}

/** The error of a stack whose errors have been written. */
export function invalidStack(name: string): UnityError {
    return new UnityError(`Stack ${name} is invalid`, "Fix the errors above", exitCode.failed);
}
