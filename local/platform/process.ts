import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { searchPath } from "../tools/find.ts";
import { waitUntil } from "../waitUntil.ts";
import { ensureGroup, groupFolders, processesOf } from "./cgroup.ts";
import { processLog } from "./layout.ts";

/** A process of the platform that runs until it is killed. */
export interface Daemon {
    /** Unique; names its log. */
    readonly name: string;
    /** Control group of its own. */
    readonly group: string;
    /** Network namespace it runs in. */
    readonly namespace: string;
    /** What to run; the base name of the first word is what it is recognised by. */
    readonly command: readonly [string, ...string[]];
}

/** Enters the groups that come before `--`, then becomes what comes after it. */
const ENTER_GROUPS =
    'while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs" || exit 1; shift; done; shift; exec "$@"';

/** Whether a daemon's own process runs; those that it started do not count. */
export function isRunning(daemon: Daemon): boolean {
    return processesOf(daemon.group).some((pid) => commandName(pid) === programName(daemon));
}

/** Starts a daemon unless it runs. */
export function ensureStarted(daemon: Daemon): void {
    if (isRunning(daemon)) {
        return;
    }
    ensureGroup(daemon.group);
    const log = processLog(daemon.name);
    mkdirSync(dirname(log), { recursive: true });
    // The end of the previous log often tells why the daemon ended.
    if (existsSync(log)) {
        renameSync(log, `${log}.previous`);
    }
    const output = openSync(log, "w");
    const folders = groupFolders(daemon.group);
    // Not `ip netns exec`: that mounts a /sys of its own, without the control groups.
    const entered = ["nsenter", `--net=/run/netns/${daemon.namespace}`, ...daemon.command];
    spawn("/bin/sh", ["-c", ENTER_GROUPS, "unity", ...folders, "--", ...entered], {
        cwd: "/",
        env: { PATH: searchPath, HOME: "/root" },
        detached: true,
        stdio: ["ignore", output, output],
    }).unref();
    closeSync(output);
}

/**
 * Waits until a daemon answers.
 *
 * @throws Error naming its log when it ends before that, or does not answer within `seconds`.
 */
export async function untilReady(
    daemon: Daemon,
    answers: () => Promise<boolean> | boolean,
    seconds = 60,
): Promise<void> {
    const log = processLog(daemon.name);
    const startedBy = Date.now() + 3_000;
    const isReady = async () => {
        if (await answers()) {
            return true;
        }
        if (Date.now() > startedBy && !isRunning(daemon)) {
            throw new DaemonError(`${daemon.name} has ended`, log);
        }
        return false;
    };
    if (!(await waitUntil(isReady, seconds * 1_000, 50))) {
        throw new DaemonError(`${daemon.name} does not answer after ${seconds} seconds`, log);
    }
}

/** A daemon that has ended, or does not become ready; `log` is the file that tells why. */
export class DaemonError extends Error {
    readonly log: string;

    constructor(message: string, log: string) {
        super(message);
        this.name = "DaemonError";
        this.log = log;
    }
}

/** The kernel keeps 15 characters of a program's name. */
const programName = (daemon: Daemon) => daemon.command[0].split("/").at(-1)!.slice(0, 15);

function commandName(pid: number): string | undefined {
    try {
        return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
    } catch {
        return undefined;
    }
}
