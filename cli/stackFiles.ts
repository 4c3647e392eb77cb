/** The stack files of this checkout. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../common/paths.ts";
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
            "A file and --stack are two answers to one question",
            "Give one of them",
            exitCode.usage,
        );
    }
    if (file !== undefined) {
        return [file];
    }
    return stack !== undefined ? [stackPath(stack)] : stackNames().map(stackPath);
}

/**
 * The environment of a stack of this checkout. Its faults go to standard error.
 * @throws UnityError when there is no such stack, or it is at fault
 */
export async function readStack(name: string): Promise<Environment> {
    // The schema takes a while to load, which sending a file need not wait for.
    const { readStackFile, UnreadableError } = await import("../config/stackFile.ts");
    const { ConfigError } = await import("../config/errors.ts");
    try {
        return readStackFile(stackPath(name));
    } catch (error) {
        if (error instanceof UnreadableError) {
            throw new UnityError(error.message, "Name a stack of this checkout", exitCode.usage, error);
        }
        if (!(error instanceof ConfigError)) {
            throw error;
        }
        process.stderr.write(`${error.message}\n`);
        throw new UnityError(
            `Stack ${name} is at fault`,
            "Correct what is named above",
            exitCode.failed,
            error,
        );
    }
}
