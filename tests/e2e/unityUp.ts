/** `unity up` on the stack of the shared environment, as people run it, also when it is killed. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, copyFileSync, mkdirSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { logDir, root } from "../../common/paths.ts";
import { run } from "../../local/exec.ts";
import { pulumiEnv } from "../../local/pulumi.ts";
import { changed, pulumi, type Settings, STACK, stackFile } from "./stack.ts";

const UNITY = join(root, "cli/unity");
const ARGS = ["up", "--stack", STACK, "--", "--yes", "--non-interactive", "--color=never"];
const log = join(logDir, "e2e-unity-up.log");

/** Has a file of the stack in the checkout for as long as something runs: there `unity` looks for it. */
async function withStackFile<T>(settings: Settings, work: () => Promise<T>): Promise<T> {
    const path = join(root, `Pulumi.${STACK}.yaml`);
    copyFileSync(stackFile(settings), path);
    try {
        return await work();
    } finally {
        rmSync(path);
    }
}

/** Brings the environment to settings (default: those it holds). Returns what it printed. @throws CommandError when it fails */
export function unityUp(settings = changed(() => undefined)): Promise<string> {
    return withStackFile(settings, () => run([UNITY, ...ARGS], { cwd: root, env: pulumiEnv(), log }));
}

/** Begins to bring the environment to settings, and kills it by SIGKILL with its whole process group. Returns whether it still ran. */
export function killedUp(settings: Settings, milliseconds: number): Promise<boolean> {
    return withStackFile(settings, async () => {
        mkdirSync(logDir, { recursive: true });
        const file = openSync(log, "a");
        const child = spawn(UNITY, ARGS, {
            cwd: root,
            env: pulumiEnv(),
            detached: true,
            stdio: ["ignore", file, file],
        });
        closeSync(file);
        const ended = once(child, "exit");
        const first = await Promise.race([ended, sleep(milliseconds, undefined)]);
        if (first === undefined) {
            process.kill(-child.pid!, "SIGKILL");
            await ended;
        }
        return first === undefined;
    });
}

/** Fails unless Kubernetes and Kafka are as the settings say (default: those it holds), whatever the state says. */
export async function expectNoDrift(settings = changed(() => undefined)): Promise<void> {
    const flags = ["--refresh", "--run-program", "--expect-no-changes", "--diff"];
    await pulumi(["preview", ...flags], stackFile(settings));
}
