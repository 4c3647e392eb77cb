import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDir } from "../../common/paths.ts";
import { run } from "../../local/exec.ts";
import { findExecutable } from "../../local/tools/find.ts";
import { ensurePackages } from "../../local/tools/packages.ts";

const requirements = join(import.meta.dirname, "checkov.txt");

/** Creates a Python environment in folder `$0` with the packages in file `$1`, unless it is complete. */
const INSTALL = `
[ -e "$0/complete" ] && exit 0
python3 -m venv --clear "$0"
"$0/bin/python" -m pip install --no-deps --only-binary=:all: --requirement "$1"
touch "$0/complete"
`;

/**
 * A Python with checkov, from the cache or installed into it, which takes about half a minute.
 *
 * @throws CommandError or Error when Python or the packages cannot be installed
 */
export async function pythonWithCheckov(log: string): Promise<string> {
    // Debian packages venv apart from Python.
    const hasVenv = () =>
        findExecutable("python3") !== undefined && outputOf("import venv, ensurepip") !== undefined;
    await ensurePackages([{ package: "python3-venv", present: hasVenv }], log);
    const python = outputOf("import sys; print(sys.version, sys.prefix)") ?? "";
    const hash = createHash("sha256").update(python).update(readFileSync(requirements)).digest("hex");
    const folder = join(cacheDir, "bin", `checkov-${hash.slice(0, 16)}`);
    if (!existsSync(join(folder, "complete"))) {
        mkdirSync(join(cacheDir, "bin"), { recursive: true });
        await run(["flock", `${folder}.lock`, "sh", "-ec", INSTALL, folder, requirements], { log });
    }
    return join(folder, "bin", "python");
}

/** Output of a line of Python, or undefined when it fails. */
function outputOf(code: string): string | undefined {
    try {
        return execFileSync("python3", ["-c", code], {
            encoding: "utf8",
            stdio: ["ignore", "pipe", "ignore"],
        });
    } catch {
        return undefined;
    }
}
