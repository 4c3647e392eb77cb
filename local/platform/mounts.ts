import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Mount points at or below a folder, deepest first. */
export function mountsBelow(folder: string): string[] {
    return readFileSync("/proc/self/mounts", "utf8")
        .split("\n")
        .map((line) => decodeOctal(line.split(" ")[1] ?? ""))
        .filter((path) => path === folder || path.startsWith(`${folder}/`))
        .reverse();
}

/** Unmounts everything below a folder, and the folder itself unless `keepFolder`; returns the number of mounts. */
export function unmountBelow(folder: string, keepFolder = true): number {
    let count = 0;
    // A second mount on the same folder shows only once the upper one is unmounted.
    for (let round = 0; round < 10; round++) {
        const paths = mountsBelow(folder).filter((path) => !keepFolder || path !== folder);
        if (paths.length === 0) {
            break;
        }
        for (const path of paths) {
            // Lazily: a process that still has a file open there must not prevent it.
            if (spawnSync("umount", ["--lazy", "--no-canonicalize", path]).status === 0) {
                count++;
            }
        }
    }
    return count;
}

/** The kernel writes blanks and backslashes in paths as octal numbers. */
function decodeOctal(path: string): string {
    return path.replace(/\\([0-7]{3})/g, (_, octal: string) =>
        String.fromCharCode(Number.parseInt(octal, 8)),
    );
}
