/** The command `unity` as people run it. */
import { join } from "node:path";
import { root } from "../../common/paths.ts";
import { CommandError, type RunOptions, run } from "../../local/exec.ts";

export const SAMPLE = join(root, "samples/new-york-weather-2013.csv");
export const SAMPLE_LINES = 26_116;

/** What it prints on standard output. @throws CommandError when it fails */
export function unity(args: readonly string[], options: RunOptions = {}): Promise<string> {
    return run([join(root, "cli/unity"), ...args], { cwd: root, ...options });
}

/** What `unity status` exits with for a Project on the embedded platform, and what it prints. */
export async function unityStatus(namespace: string): Promise<[exitCode: number, text: string]> {
    try {
        return [0, await unity(["status", "--local", "--namespace", namespace])];
    } catch (error) {
        if (error instanceof CommandError) {
            return [error.exitCode, error.output];
        }
        throw error;
    }
}

/** What counts of a transfer: rates and times differ. */
export interface Transfer {
    readonly records: number;
    readonly missing: number;
    readonly duplicated: number;
    readonly changed: number;
    readonly reordered: number;
    readonly verified: boolean;
}

/** A transfer of which every record has arrived once, unchanged and in order. */
export const allArrived = (records: number): Transfer => ({
    records,
    missing: 0,
    duplicated: 0,
    changed: 0,
    reordered: 0,
    verified: true,
});

/** Sends a file through a Project's Kafka on the embedded platform. */
export async function send(namespace: string, file: string): Promise<Transfer> {
    const printed = await unity(["--local", "--namespace", namespace, "-o", "json", file]);
    const { records, missing, duplicated, changed, reordered, verified } = JSON.parse(printed) as Transfer;
    return { records, missing, duplicated, changed, reordered, verified };
}
