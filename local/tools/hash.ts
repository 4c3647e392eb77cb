import type { Hash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * Adds files to a hash, each with its path.
 *
 * @param paths files, or folders with all that is below them, in the folder `root`
 */
export function hashFiles(hash: Hash, root: string, paths: readonly string[]): void {
    for (const path of paths) {
        if (statSync(join(root, path)).isDirectory()) {
            const inside = readdirSync(join(root, path)).sort();
            hashFiles(
                hash,
                root,
                inside.map((name) => join(path, name)),
            );
        } else {
            hash.update(path).update(readFileSync(join(root, path)));
        }
    }
}
