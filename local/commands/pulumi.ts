import { passThrough } from "../exec.ts";
import { pulumiEnv } from "../pulumi.ts";
import { ensureTools, toolsAreBuilt } from "../tools/toolchain.ts";

/** Runs pulumi for the stack `local`, on the caller's terminal, and returns its exit code. */
export async function pulumi(args: readonly string[]): Promise<number> {
    // Only where there is something to build is the stack file read, which takes longer than all else here.
    if (!toolsAreBuilt()) {
        const { ownCluster } = await import("../target.ts");
        // Not among what pulumi prints, which another program may read.
        await ensureTools(ownCluster() === undefined, (text) => console.error(text));
    }
    return passThrough(["pulumi", ...args], pulumiEnv());
}
