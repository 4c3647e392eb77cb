/** What a command costs, with everything that it starts: a control group counts it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { root } from "../../common/paths.ts";
import { run } from "../../local/exec.ts";
import { ensureGroup, groupFolders, killGroup, removeGroup } from "../../local/platform/cgroup.ts";

const GROUP = "unity-bench";

export interface Cost {
    /** Wall time, s. */
    readonly seconds: number;
    /** CPU time of all processes, s. */
    readonly cpu: number;
    /** Most memory of their own that all processes had at one time, MiB; looked at every 50 ms. */
    readonly memory: number;
}

/** Runs a command to its end and returns what it took. @throws CommandError when it ends with anything but 0 */
export async function measure(
    command: readonly string[],
    cwd: string,
    env: NodeJS.ProcessEnv,
): Promise<Cost> {
    ensureGroup(GROUP);
    const folders = groupFolders(GROUP);
    let memory = 0;
    const timer = setInterval(() => {
        memory = Math.max(memory, ownMemory(folders));
    }, 50);
    const cpuBefore = cpuTime(folders);
    const start = performance.now();
    try {
        // The shell enters the group, and all that it becomes or starts is in it.
        const enter = folders.map((folder) => `echo $$ > ${join(folder, "cgroup.procs")}`).join("; ");
        await run(["sh", "-c", `${enter}; exec "$@"`, "sh", ...command], { cwd, env });
    } finally {
        clearInterval(timer);
    }
    const seconds = (performance.now() - start) / 1000;
    const cpu = cpuTime(folders) - cpuBefore;
    // What Pulumi leaves behind for a moment.
    await killGroup(GROUP);
    await removeGroup(GROUP);
    return { seconds, cpu, memory };
}

function cpuTime(folders: readonly string[]): number {
    const usage = find(folders, "cpuacct.usage");
    if (usage !== undefined) {
        return Number(usage) / 1e9;
    }
    return Number(/^usage_usec (\d+)$/m.exec(find(folders, "cpu.stat") ?? "")?.[1]) / 1e6;
}

function ownMemory(folders: readonly string[]): number {
    const stat = find(folders, "memory.stat") ?? "";
    return Number(/^(?:total_rss|anon) (\d+)$/m.exec(stat)?.[1] ?? 0) / 1024 ** 2;
}

function find(folders: readonly string[], file: string): string | undefined {
    const path = folders.map((folder) => join(folder, file)).find((candidate) => existsSync(candidate));
    return path === undefined ? undefined : readFileSync(path, "utf8");
}

export function median(values: readonly number[]): number {
    const sorted = values.toSorted((a, b) => a - b);
    const middle = sorted.length / 2;
    return sorted.length % 2 === 1
        ? sorted[Math.floor(middle)]!
        : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The least and the most of some seconds. */
export function spread(values: readonly number[]): string {
    return `${Math.min(...values).toFixed(2)} ${Math.max(...values).toFixed(2)}`;
}

/** Writes a bench's figures, with when and on what machine they were measured, to where the documents have them. */
export function writeResults(name: string, figures: object): void {
    const folder = join(root, "docs", "benchmarks");
    mkdirSync(folder, { recursive: true });
    const machine = { cores: availableParallelism(), memoryGiB: Math.round(totalmem() / 1024 ** 3) };
    const result = { date: new Date().toISOString().slice(0, 10), machine, ...figures };
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(result, undefined, 4)}\n`);
}

/** Rows with their cells under each other, as Markdown has tables. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
    const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
    return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
