/** The stacks of an environment with a stack per Project: which there are, and how one comes to be. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "yaml";
import { pulumi } from "./pulumi.ts";
import { stackPath } from "./stackFiles.ts";

/** Names of the stacks of an environment with a stack per Project that the state backend has. */
export async function stacksOf(environment: string): Promise<string[]> {
    const answer = JSON.parse(await pulumi(["stack", "ls", "--json"], { output: "read" })) as {
        name: string;
    }[];
    // Pulumi's own service puts the organisation before the name.
    const names = answer.map((stack) => stack.name.split("/").at(-1)!);
    return names.filter((stack) => stack === environment || stack.startsWith(`${environment}.`));
}

/** Creates a stack, which keeps its secrets as the base does: by the settings in the same file. */
export async function createStack(stack: string, environment: string): Promise<void> {
    const provider = secretsProvider(environment);
    await initStack(stack, provider === undefined ? [] : ["--secrets-provider", provider]);
}

/**
 * Runs a command on an empty stack of this name, in a backend that lasts as long as the command: what a stack that does
 * not exist would become is seen without creating it. Pulumi would write into the environment's stack file that this
 * stack's secrets are encrypted by a passphrase, so the command gets a copy.
 */
export async function withTemporaryBackend<T>(
    stack: string,
    environment: string,
    run: (env: Readonly<Record<string, string>>, stackFile: string) => Promise<T>,
): Promise<T> {
    const folder = mkdtempSync(join(tmpdir(), "unity-backend-"));
    // The stack has no secrets of its own; those of the file are decrypted as its settings say.
    const { PULUMI_CONFIG_PASSPHRASE = "", PULUMI_CONFIG_PASSPHRASE_FILE } = process.env;
    const env = {
        PULUMI_BACKEND_URL: pathToFileURL(folder).href,
        ...(PULUMI_CONFIG_PASSPHRASE_FILE === undefined && { PULUMI_CONFIG_PASSPHRASE }),
    };
    try {
        const stackFile = join(folder, "stack.yaml");
        copyFileSync(stackPath(environment), stackFile);
        await initStack(stack, [], env);
        return await run(env, stackFile);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

async function initStack(
    stack: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
): Promise<void> {
    const file = stackPath(stack);
    const before = existsSync(file) ? readFileSync(file) : undefined;
    await pulumi(["stack", "init", "--no-select", ...args, stack], { output: "quiet", env }).finally(() => {
        // Pulumi writes a file for the stack, which would look like another environment, or into the environment's.
        if (before === undefined) {
            rmSync(file, { force: true });
        } else {
            writeFileSync(file, before);
        }
    });
}

/** What encrypts the secrets of an environment's stack, where its file says so. */
function secretsProvider(environment: string): string | undefined {
    const { secretsprovider } = parse(readFileSync(stackPath(environment), "utf8")) as {
        secretsprovider?: string;
    };
    return secretsprovider;
}
