import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheDir, pulumiBackendDir } from "../../common/paths.ts";
import { PROGRAM } from "../../config/setting.ts";
import { dataDir } from "../platform/layout.ts";
import { removePlatform } from "../platform/remove.ts";
import { LOCAL_STACK } from "../pulumi.ts";
import { ownCluster } from "../target.ts";

export interface DownOptions {
    /** Remove the built tools and images too. */
    readonly cache?: boolean;
}

/** Removes the environment `local` with all its data, and prints what was removed. */
export async function down(options: DownOptions): Promise<void> {
    refuseToLoseState();
    const removed = [...(await removePlatform())];
    if (options.cache === true && existsSync(cacheDir)) {
        rmSync(cacheDir, { recursive: true, force: true });
        removed.push(`${cacheDir} (the built tools and images)`);
    }
    console.log(removed.length === 0 ? "Nothing to remove." : `Removed: ${removed.join(", ")}.`);
}

/** Pulumi's state of Projects on the user's own cluster is in the checkout, too: without it they could not be removed. */
function refuseToLoseState(): void {
    const state = join(pulumiBackendDir, ".pulumi", "stacks", PROGRAM, `${LOCAL_STACK}.json`);
    if (existsSync(dataDir) || !existsSync(state) || !readFileSync(state, "utf8").includes('"resources"')) {
        return;
    }
    const own = ownCluster();
    if (own === undefined) {
        return;
    }
    throw new Error(
        `Projects may run on your cluster ${own.context}. Remove them first: npm run pulumi -- destroy --stack ${LOCAL_STACK} && npm run pulumi -- stack rm ${LOCAL_STACK}`,
    );
}
