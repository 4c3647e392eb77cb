/** The command line as a person runs it. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../../common/paths.ts";

export function unity(...args: string[]) {
    const { status, stdout, stderr } = spawnSync(join(root, "cli/unity"), args, {
        cwd: root,
        encoding: "utf8",
    });
    return { status, stdout, stderr };
}
