/** The stack of the shared environment: every call says with which settings, so that no test depends on another's. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { logDir, root, stateDir } from "../../common/paths.ts";
import { runPulumi } from "../../local/pulumi.ts";

export const STACK = "e2e";

const folder = join(stateDir, "e2e");
/** The settings that the environment holds between tests. */
const held = join(folder, "held.yaml");
const log = join(logDir, "e2e-pulumi.log");

/** As much of the config as tests change, without the program's prefix. */
export interface Settings {
    projects: ProjectSettings[];
    storageClasses: object[];
    kafka: { disk: { size: string; storageClass: string } };
    allowDestroy?: string[];
    ikp?: object;
    metricsFrom?: string[];
}

export interface ProjectSettings {
    name: string;
    certificates?: { authorities: string[] };
    topics?: object[];
    components?: object[];
    bridge?: object;
    kafka?: object;
}

/** Settings of a stack file. */
export function readSettings(path: string): Settings {
    const { config } = parse(readFileSync(path, "utf8")) as { config: Record<string, unknown> };
    return Object.fromEntries(
        Object.entries(config).map(([key, value]) => [key.split(":")[1]!, value]),
    ) as unknown as Settings;
}

function writeSettings(path: string, settings: Settings): void {
    const config = Object.fromEntries(
        Object.entries(settings).map(([key, value]) => [`unity-kafka:${key}`, value]),
    );
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, stringify({ config }));
}

/** The settings that the environment holds, with a change. */
export function changed(change: (settings: Settings) => void): Settings {
    const settings = readSettings(held);
    change(settings);
    return settings;
}

/** Makes settings those that the environment holds from now on: for what cannot be taken back, as a larger disk. */
export function hold(settings: Settings): void {
    writeSettings(held, settings);
}

let files = 0;

/** Writes settings to a stack file of their own. Returns its path. */
export function stackFile(settings: Settings): string {
    const path = join(folder, `settings-${++files}.yaml`);
    writeSettings(path, settings);
    return path;
}

/** Runs Pulumi on the stack with the settings of a file (default: those it holds). Throws if it fails. */
export function pulumi(args: readonly string[], file = stackFile(readSettings(held))): Promise<string> {
    return runPulumi([...args, "--stack", STACK, "--config-file", file], { log });
}

/** The stack's outputs, as a person gets them. */
export async function outputs(): Promise<unknown> {
    return JSON.parse(await runPulumi(["stack", "output", "--json", "--stack", STACK], { log }));
}

/** The stack's state, as Pulumi exports it. */
export function exportState(): Promise<string> {
    return runPulumi(["stack", "export", "--stack", STACK], { log });
}

/** Creates a stack. Pulumi writes a stack file for it beside the program's, which is a copy here, not the checkout's. */
export async function initStack(name: string): Promise<void> {
    mkdirSync(folder, { recursive: true });
    copyFileSync(join(root, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
    await runPulumi(["stack", "init", "--no-select", name], { log, cwd: folder });
    rmSync(join(folder, `Pulumi.${name}.yaml`), { force: true });
}

/** Creates the stack, or goes on with the one of an interrupted run. Returns whether it was there. */
export async function ensureStack(): Promise<boolean> {
    const stacks = JSON.parse(await runPulumi(["stack", "ls", "--json"], { log })) as { name: string }[];
    const existed = stacks.some(({ name }) => name === STACK);
    if (!existed || !existsSync(held)) {
        hold(readSettings(join(import.meta.dirname, "Pulumi.e2e.yaml")));
    }
    if (existed) {
        await runPulumi(["cancel", "--yes", "--stack", STACK], { log });
    } else {
        await initStack(STACK);
    }
    return existed;
}

export async function removeStack(): Promise<void> {
    await runPulumi(["stack", "rm", "--yes", "--preserve-config", STACK], { log });
    rmSync(folder, { recursive: true, force: true });
}

/** Names of resources by what is done to them: create, update, delete and more; unchanged ones are left out. */
export type Changes = Record<string, string[]>;

/** What `up` would change. */
export async function preview(settings: Settings, ...options: string[]): Promise<Changes> {
    return changesOf(await pulumi(["preview", "--json", ...options], stackFile(settings)));
}

/** What a preview says in JSON that it would change. */
export function changesOf(json: string): Changes {
    const { steps } = JSON.parse(json) as {
        steps: { op: string; urn: string; oldState?: { retainOnDelete?: boolean } }[];
    };
    const changes: Changes = {};
    for (const { op: step, urn, oldState } of steps) {
        // What it stands for stays as it is; only Pulumi's state loses it.
        const op = step === "delete" && oldState?.retainOnDelete ? "forget" : step;
        if (op !== "same") {
            (changes[op] ??= []).push(urn.split("::").at(-1)!);
        }
    }
    return changes;
}

const DONE: Record<string, string> = {
    created: "create",
    updated: "update",
    deleted: "delete",
    replaced: "replace",
};

/** Brings the environment to settings (default: those it holds). Returns what that has changed. */
export async function up(settings = readSettings(held), ...options: string[]): Promise<Changes> {
    const printed = await pulumi(["up", "--yes", "--skip-preview", ...options], stackFile(settings));
    const changes: Changes = {};
    for (const [, name, done] of printed.matchAll(
        /^ \S+ +\S+ (\S+) (created|updated|deleted|replaced)\b/gm,
    )) {
        const names = (changes[DONE[done!]!] ??= []);
        // A line that a resource says after its end shows it again.
        if (!names.includes(name!)) {
            names.push(name!);
        }
    }
    return changes;
}

/** Fails unless the environment is as the settings that it holds say. */
export async function expectNoChanges(): Promise<void> {
    await pulumi(["preview", "--expect-no-changes"]);
}
