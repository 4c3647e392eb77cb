import { passThrough } from "../exec.ts";
import { pulumiEnv } from "../pulumi.ts";
import { ownCluster } from "../target.ts";
import { ensureTools } from "../tools/toolchain.ts";

/** Runs pulumi for the stack `local`, on the caller's terminal, and returns its exit code. */
export async function pulumi(args: readonly string[]): Promise<number> {
    // Not among what pulumi prints, which another program may read.
    await ensureTools(ownCluster() === undefined, (text) => console.error(text));
    return passThrough(["pulumi", ...args], pulumiEnv());
}
