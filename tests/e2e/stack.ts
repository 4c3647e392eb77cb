/** The stack of the end-to-end tests: two Projects of its own, beside whatever else runs on the platform. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { logDir, stateDir } from "../../common/paths.ts";
import { runPulumi } from "../../local/pulumi.ts";

export const STACK = "e2e";
export const PROJECTS = ["blue", "green"];
export const namespaceOf = (project: string) => `e2e-${project}`;

const original = join(import.meta.dirname, "Pulumi.e2e.yaml");
/** The copy that Pulumi may write to, and that tests change. */
const config = join(stateDir, "Pulumi.e2e.yaml");
const log = join(logDir, "e2e-pulumi.log");

type Settings = Record<string, unknown>;

/** Runs Pulumi on this stack and returns what it printed. Throws if it fails. */
export function pulumi(...args: string[]): Promise<string> {
    return runPulumi([...args, "--stack", STACK, "--config-file", config], { log });
}

/** The stack's outputs, as a person gets them. */
export async function outputs(): Promise<unknown> {
    return JSON.parse(await runPulumi(["stack", "output", "--json", "--stack", STACK], { log }));
}

export async function createStack(): Promise<void> {
    resetConfig();
    const stacks = JSON.parse(await runPulumi(["stack", "ls", "--json"], { log })) as { name: string }[];
    // An interrupted run may have left it, and what it deployed: `up` goes on from there.
    if (!stacks.some(({ name }) => name === STACK)) {
        await runPulumi(["stack", "init", "--no-select", STACK], { log });
    }
    await runPulumi(["cancel", "--yes", "--stack", STACK], { log });
}

export async function removeStack(): Promise<void> {
    await runPulumi(["stack", "rm", "--yes", STACK], { log });
    rmSync(config, { force: true });
}

export function resetConfig(): void {
    writeFileSync(config, readFileSync(original));
}

/** Changes the stack's settings, given by their names without the program's prefix. */
export function changeConfig(change: (settings: Settings) => void): void {
    const file = parse(readFileSync(original, "utf8")) as { config: Settings };
    const settings = Object.fromEntries(
        Object.entries(file.config).map(([key, value]) => [key.split(":")[1]!, value]),
    );
    change(settings);
    const prefixed = Object.fromEntries(
        Object.entries(settings).map(([key, value]) => [`unity-kafka:${key}`, value]),
    );
    writeFileSync(config, stringify({ config: prefixed }));
}

interface Step {
    op: string;
    urn: string;
}

/** What `pulumi preview` would do: names of resources by what would be done to them; unchanged ones are left out. */
export async function preview(): Promise<Record<string, string[]>> {
    const { steps } = JSON.parse(await pulumi("preview", "--json")) as { steps: Step[] };
    const planned: Record<string, string[]> = {};
    for (const { op, urn } of steps) {
        if (op !== "same") {
            (planned[op] ??= []).push(urn.split("::").at(-1)!);
        }
    }
    return planned;
}
