import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Daemons live here, and the PATH of an ordinary user often lacks it. */
const SYSTEM_FOLDERS = ["/usr/sbin", "/sbin"];

/** PATH as the platform sees it. */
export const searchPath = [...(process.env.PATH ?? "").split(delimiter), ...SYSTEM_FOLDERS]
    .filter((folder, index, all) => folder !== "" && all.indexOf(folder) === index)
    .join(delimiter);

/** Absolute path of an executable on {@link searchPath}, or undefined. */
export function findExecutable(name: string): string | undefined {
    return searchPath
        .split(delimiter)
        .map((folder) => join(folder, name))
        .find(isExecutable);
}

/** Whether `path` is a file that may be run. */
export function isExecutable(path: string): boolean {
    try {
        accessSync(path, constants.X_OK);
        return statSync(path).isFile();
    } catch {
        return false;
    }
}
