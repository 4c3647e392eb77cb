import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDir, root } from "../../common/paths.ts";

/** All that a check of the sources reads: the sources, the libraries' versions, and the tools' settings. */
const INPUTS = ["**/*.{ts,mjs,js,json,yaml}", ".github/**/*.yml"];
/** Not of the checkout, or what it makes of the rest. */
const LEFT_OUT = ["node_modules/**", ".unity/**", "docs/benchmarks/**"];

/**
 * Runs a check unless it has passed on the same sources, in any checkout on this machine. A failure is not remembered.
 *
 * @param name of the check, for its stamp
 * @throws what the check throws
 */
export async function unlessUnchanged(name: string, check: () => Promise<void>): Promise<void> {
    const hash = createHash("sha256").update(process.version);
    const files = INPUTS.flatMap((pattern) => globSync(pattern, { cwd: root, exclude: LEFT_OUT }));
    for (const file of [...new Set(files)].sort()) {
        hash.update(`${file}\0`)
            .update(readFileSync(join(root, file)))
            .update("\0");
    }
    const folder = join(cacheDir, "checks");
    const stamp = join(folder, `${name}-${hash.digest("hex").slice(0, 32)}`);
    if (existsSync(stamp)) {
        return;
    }
    await check();
    mkdirSync(folder, { recursive: true });
    writeFileSync(stamp, "");
}
