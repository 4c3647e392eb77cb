import assert from "node:assert/strict";
import { CommandError } from "../../local/exec.ts";

/** Asserts that a command ends with an error, and says why in these words. */
export async function assertRefused(said: RegExp, command: Promise<unknown>): Promise<void> {
    await assert.rejects(command, (error: unknown) => {
        assert(error instanceof CommandError, String(error));
        assert.match(error.output, said);
        return true;
    });
}
