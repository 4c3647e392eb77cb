import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { waitUntil } from "../waitUntil.ts";

/**
 * Control groups are how the platform knows its own processes: every process in a group below `unity/` belongs to
 * it, however often it forked, and no file of process ids can become stale.
 *
 * A group is named by its path below the root of the hierarchies, e.g. `unity/control/etcd`.
 */

const mounts = (process.platform === "linux" ? readFileSync("/proc/self/mounts", "utf8") : "")
    .split("\n")
    .map((line) => line.split(" "));

/** One hierarchy with all controllers (version 2), or one for each (version 1). */
const unified = mounts.some(([, path, type]) => path === "/sys/fs/cgroup" && type === "cgroup2");

const hierarchies: readonly string[] = unified
    ? ["/sys/fs/cgroup"]
    : mounts.filter(([, , type]) => type === "cgroup").map(([, path = ""]) => path);

/** The hierarchy that tells which processes are in a group: the one that can freeze. */
const primary = unified ? "/sys/fs/cgroup" : (hierarchies.find((path) => /\bfreezer\b/.test(path)) ?? "");

/** Controllers that a kubelet expects below its root. */
const CONTROLLERS = ["cpuset", "cpu", "io", "memory", "hugetlb", "pids"];

/** Folders of a group, one per hierarchy; a process belongs to it when it is in all of them. */
export const groupFolders = (group: string) => hierarchies.map((hierarchy) => join(hierarchy, group));

/** Creates a group and those above it. */
export function ensureGroup(group: string): void {
    for (const hierarchy of hierarchies) {
        let folder = hierarchy;
        for (const name of group.split("/")) {
            if (unified) {
                passControllersOn(folder);
            }
            const parent = folder;
            folder = join(folder, name);
            mkdirSync(folder, { recursive: true });
            // Version 1 lets no process into a group that has no processors and no memory assigned.
            if (!unified && existsSync(join(folder, "cpuset.cpus"))) {
                for (const file of ["cpuset.cpus", "cpuset.mems"]) {
                    if (readFileSync(join(folder, file), "utf8").trim() === "") {
                        writeFileSync(join(folder, file), readFileSync(join(parent, file)));
                    }
                }
            }
        }
    }
}

/** Version 2: what is below a group may use a controller only if the group says so. */
function passControllersOn(folder: string): void {
    const available = readFileSync(join(folder, "cgroup.controllers"), "utf8").trim().split(" ");
    const enabled = readFileSync(join(folder, "cgroup.subtree_control"), "utf8").trim().split(" ");
    const wanted = CONTROLLERS.filter((name) => available.includes(name) && !enabled.includes(name));
    if (wanted.length > 0) {
        writeFileSync(join(folder, "cgroup.subtree_control"), wanted.map((name) => `+${name}`).join(" "));
    }
}

/** Ids of all processes in a group and below it; none if there is no such group. */
export function processesOf(group: string): number[] {
    return subtree(join(primary, group)).flatMap((folder) => {
        try {
            return readFileSync(join(folder, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
        } catch {
            return []; // The group was removed meanwhile.
        }
    });
}

/**
 * Kills everything in a group and below it, frozen or not, as a power cut would: at once, without notice.
 *
 * @throws Error when a process is still left after 30 seconds.
 */
export async function killGroup(group: string): Promise<void> {
    // In version 1 what is frozen by itself stays so when the group above it is thawed.
    for (const folder of subtree(join(primary, group))) {
        setFrozen(relative(primary, folder), false);
    }
    const isEmpty = () => {
        const pids = processesOf(group);
        pids.forEach(kill);
        return pids.length === 0;
    };
    if (!(await waitUntil(isEmpty, 30_000, 20))) {
        throw new Error(`processes ${processesOf(group).join(", ")} of ${group} cannot be killed`);
    }
}

function kill(pid: number): void {
    try {
        process.kill(pid, "SIGKILL");
    } catch {
        // It ended by itself.
    }
}

/** Stops everything in a group from running; it keeps its memory and its connections. */
export function freezeGroup(group: string): void {
    setFrozen(group, true);
}

/** Lets a frozen group go on. */
export function thawGroup(group: string): void {
    setFrozen(group, false);
}

/** Whether a group is frozen. */
export function isFrozen(group: string): boolean {
    const [file, expected] = unified ? ["cgroup.freeze", "1"] : ["freezer.self_freezing", "1"];
    const path = join(primary, group, file);
    return existsSync(path) && readFileSync(path, "utf8").trim() === expected;
}

function setFrozen(group: string, frozen: boolean): void {
    const [file, value] = unified
        ? ["cgroup.freeze", frozen ? "1" : "0"]
        : ["freezer.state", frozen ? "FROZEN" : "THAWED"];
    const path = join(primary, group, file);
    if (existsSync(path)) {
        writeFileSync(path, value);
    }
}

/** Removes a group, which must be empty of processes, and those below it, from every hierarchy. */
export async function removeGroup(group: string): Promise<void> {
    // On machines with both versions runc also makes groups in the unified hierarchy, which has no controllers then.
    const everywhere = unified ? hierarchies : [...hierarchies, "/sys/fs/cgroup/unified"];
    for (const folder of everywhere.flatMap((hierarchy) => subtree(join(hierarchy, group)).reverse())) {
        // A process that was killed a moment ago may still be leaving.
        for (let attempt = 0; existsSync(folder); attempt++) {
            try {
                rmdirSync(folder);
            } catch (error) {
                if (attempt === 100) {
                    throw error;
                }
                await sleep(20);
            }
        }
    }
}

/** A folder and all folders below it, parents first. */
function subtree(folder: string): string[] {
    try {
        const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
        return [folder, ...below.flatMap((entry) => subtree(join(folder, entry.name)))];
    } catch {
        return [];
    }
}
