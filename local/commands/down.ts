import { existsSync, rmSync } from "node:fs";
import { cacheDir } from "../paths.ts";
import { removePlatform } from "../platform/remove.ts";

/** Removes the environment `local` with all its data, and says what it removed. */
export async function down(options: { readonly cache?: boolean }): Promise<void> {
    const removed = [...(await removePlatform())];
    if (options.cache === true && existsSync(cacheDir)) {
        rmSync(cacheDir, { recursive: true, force: true });
        removed.push(`${cacheDir} (the built tools and images)`);
    }
    console.log(removed.length === 0 ? "There was nothing to remove." : `Removed: ${removed.join(", ")}.`);
}
