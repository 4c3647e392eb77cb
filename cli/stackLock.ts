/** Who holds the lock of a stack, by what pulumi says where it does not get it. */
import { existsSync, readFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";

/** The process that holds a lock, as a Pulumi backend of files (a folder, GCS) records it. */
export interface LockHolder {
    readonly user: string;
    readonly host: string;
    readonly pid: number;
    /** When it took the lock, in ISO 8601. */
    readonly since: string;
    /** Whether the lock is a file of this machine, not an object in a bucket. */
    readonly isLocal: boolean;
}

/** The lock of a stack is held. Pulumi Cloud does not say by whom: then there are no holders. */
export class StackLockedError extends Error {
    readonly holders: readonly LockHolder[];

    constructor(holders: readonly LockHolder[]) {
        super("the stack is locked");
        this.name = "StackLockedError";
        this.holders = holders;
    }
}

const LOCKED =
    /the stack is currently locked by \d+ lock\(s\)|\[409\] Conflict: Another update is currently in progress/;
const HOLDER = /(\w+):\/\/\S+: created by (.+)@(\S+) \(pid (\d+)\) at (\S+)/g;

/** @param stderr what pulumi printed before it ended with an error */
export function lockedError(stderr: string): StackLockedError | undefined {
    if (!LOCKED.test(stderr)) {
        return undefined;
    }
    const holders = [...stderr.matchAll(HOLDER)].map(([, scheme, user, host, pid, since]) => ({
        isLocal: scheme === "file",
        user: user!,
        host: host!,
        pid: Number(pid),
        since: since!,
    }));
    return new StackLockedError(holders);
}

/** This machine, as far as it tells whether a process that holds a lock is one of it that has ended. */
export interface Machine {
    readonly host: string;
    readonly user: string;
    /** Whether no other machine has its name: those of CI runners are shared by many. */
    readonly isUnique: boolean;
    /** Whether pulumi runs as that process. */
    readonly runsPulumi: (pid: number) => boolean;
}

export const thisMachine: Machine = {
    host: hostname(),
    user: userInfo().username,
    isUnique: process.env.CI === undefined,
    runsPulumi: (pid) => {
        if (existsSync("/proc/self/comm")) {
            // The number may have been given to another process since.
            return runningCommand(pid) === "pulumi";
        }
        try {
            process.kill(pid, 0);
            return true;
        } catch (error) {
            // Somebody else's process is there too.
            return (error as NodeJS.ErrnoException).code === "EPERM";
        }
    },
};

/** Undefined where the process has ended, also where nobody has asked for its end yet, as in a container without an init. */
function runningCommand(pid: number): string | undefined {
    try {
        const [, command, state] =
            /^\d+ \((.*)\) (\S)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
        return state === "Z" || state === "X" ? undefined : command;
    } catch {
        return undefined;
    }
}

/** Whether a lock is left over for certain: its process was one of this machine and has ended. */
export function isStale({ user, host, pid, isLocal }: LockHolder, machine: Machine): boolean {
    const ours = (isLocal || machine.isUnique) && host === machine.host && user === machine.user;
    return ours && !machine.runsPulumi(pid);
}

/** "anna on host-1 since 2026-11-28T16:06:58Z (process 4711)" */
export function holderText({ user, host, pid, since }: LockHolder): string {
    return `${user} on ${host} since ${since} (process ${pid})`;
}
