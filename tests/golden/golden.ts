/** The golden files: one per stack, renewed by `npm run golden` and by nothing else. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { stackNames, stackPath } from "../../cli/stackFiles.ts";

/** No environment, but a stack file with every optional block. */
const EVERYTHING = "everything";

/** Every environment that has a stack file, and the one with every optional block. */
export const stacks = [...stackNames(), EVERYTHING];

export const stackFile = (stack: string) =>
    stack === EVERYTHING ? join(import.meta.dirname, `${stack}.yaml`) : stackPath(stack);

export const goldenPath = (stack: string) => join(import.meta.dirname, `${stack}.json`);

/**
 * What the program registers for a stack today, with this stack file.
 * @param mode `first-preview`: as long as nothing of the environment exists
 */
export async function render(
    stack: string,
    file = stackFile(stack),
    ...mode: readonly "first-preview"[]
): Promise<string> {
    const script = [join(import.meta.dirname, "registrations.ts"), stack, file, ...mode];
    const { stdout } = await promisify(execFile)(process.execPath, script, { maxBuffer: 1 << 28 });
    return stdout;
}

if (import.meta.main) {
    for (const stack of stacks) {
        writeFileSync(goldenPath(stack), await render(stack));
        console.log(`wrote ${goldenPath(stack)}`);
    }
}
