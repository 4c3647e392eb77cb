import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDir } from "../../common/paths.ts";
import { run } from "../../local/exec.ts";
import { findExecutable } from "../../local/tools/find.ts";
import { ensurePackages } from "../../local/tools/packages.ts";

const requirements = join(import.meta.dirname, "checkov.txt");

/** Makes the environment of Python's in folder `$0` with what file `$1` lists, unless it is there, whole. */
const INSTALL = `
[ -e "$0/whole" ] && exit 0
python3 -m venv --clear "$0"
"$0/bin/python" -m pip install --no-deps --only-binary=:all: --requirement "$1"
touch "$0/whole"
`;

/**
 * A Python that has checkov, from the cache or installed there: about half a minute, once.
 *
 * @throws CommandError or Error when Python or the packages cannot be had
 */
export async function pythonWithCheckov(log: string): Promise<string> {
    // Debian parts what makes environments from the rest of Python.
    const hasVenv = () =>
        findExecutable("python3") !== undefined && pythonSays("import venv, ensurepip") !== undefined;
    await ensurePackages([{ package: "python3-venv", present: hasVenv }], log);
    const python = pythonSays("import sys; print(sys.version, sys.prefix)") ?? "";
    const hash = createHash("sha256").update(python).update(readFileSync(requirements)).digest("hex");
    const folder = join(cacheDir, "bin", `checkov-${hash.slice(0, 16)}`);
    if (!existsSync(join(folder, "whole"))) {
        mkdirSync(join(cacheDir, "bin"), { recursive: true });
        await run(["flock", `${folder}.lock`, "sh", "-ec", INSTALL, folder, requirements], { log });
    }
    return join(folder, "bin", "python");
}

/** What a line of Python prints, or undefined where it fails. */
function pythonSays(code: string): string | undefined {
    try {
        return execFileSync("python3", ["-c", code], {
            encoding: "utf8",
            stdio: ["ignore", "pipe", "ignore"],
        });
    } catch {
        return undefined;
    }
}
