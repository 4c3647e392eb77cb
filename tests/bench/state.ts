/**
 * `npm run bench:state`: what Pulumi's file backend writes during an `up` of 1, 10 and 50 Projects (or the numbers
 * that are given), as one stack and as a stack for each Project. The backend writes the whole state at each step, so
 * one stack's bytes grow with the square of its resources.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { up } from "../../local/commands/up.ts";
import { pulumiEnv, runPulumi } from "../../local/pulumi.ts";
import { builtPath } from "../../local/tools/build.ts";
import { findExecutable } from "../../local/tools/find.ts";
import { goTools } from "../../local/tools/goTools.ts";
import { removeNamespaces, withFakePods } from "./fakePods.ts";
import { table } from "./measure.ts";
import { copyProgram, writeStackFile } from "./programs.ts";

const STACK = "bench";
const numbers = process.argv.slice(2).map(Number);
const projectCounts = numbers.length > 0 ? numbers : [1, 10, 50];
const folder = mkdtempSync(join(tmpdir(), "unity-bench-"));
const program = join(folder, "program");

const pulumi = findExecutable("pulumi") ?? builtPath(goTools.pulumi);

interface Written {
    readonly bytes: number;
    readonly seconds: number;
}

/** Brings up stacks one after the other and adds up what Pulumi writes to files. */
async function written(stacks: readonly string[], backend: string): Promise<Written> {
    mkdirSync(backend);
    const env = { ...pulumiEnv(), PULUMI_BACKEND_URL: `file://${backend}` };
    let bytes = 0;
    const start = performance.now();
    for (const stack of stacks) {
        await runPulumi(["stack", "init", "--no-select", stack], { cwd: program, env });
        if (stack !== STACK) {
            rmSync(join(program, `Pulumi.${stack}.yaml`), { force: true });
        }
        const file = ["--config-file", join(program, `Pulumi.${STACK}.yaml`)];
        const args = ["up", "--yes", "--skip-preview", "--non-interactive", "--stack", stack, ...file];
        const child = spawn(pulumi, args, { cwd: program, env, stdio: "ignore" });
        let last = 0;
        const timer = setInterval(() => {
            last = Math.max(last, writtenBy(child.pid!));
        }, 10);
        const [code] = (await once(child, "exit")) as [number];
        clearInterval(timer);
        if (code !== 0) {
            throw new Error(`pulumi up of ${stack} ended with exit code ${code}`);
        }
        bytes += last;
    }
    return { bytes, seconds: (performance.now() - start) / 1000 };
}

/** Bytes that a process has had the kernel write to disks, for which the page cache counts too. */
function writtenBy(pid: number): number {
    try {
        return Number(/^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1] ?? 0);
    } catch {
        return 0; // it has just ended
    }
}

const layouts = {
    "one stack": { settings: {}, stacks: () => [STACK] },
    "a stack per Project": {
        settings: { "unity-kafka:stackPerProject": true },
        stacks: (count: number) => [STACK, ...Array.from({ length: count }, (_, i) => `${STACK}.p${i}`)],
    },
};

const rows: string[][] = [];
const results = new Map<string, number[]>();
try {
    await up({ nodes: 3, platformOnly: true });
    copyProgram(program);
    // The first run of all writes what later ones find, such as the compiled program.
    writeStackFile(program, STACK, 1);
    await withFakePods(async () => void (await written([STACK], join(folder, "warm-up"))));
    await removeNamespaces("bench-");
    for (const count of projectCounts) {
        for (const [name, { settings, stacks }] of Object.entries(layouts)) {
            writeStackFile(program, STACK, count, settings);
            let result: Written | undefined;
            await withFakePods(async () => {
                result = await written(stacks(count), join(folder, `state-${count}-${name.length}`));
            });
            await removeNamespaces("bench-");
            results.set(name, [...(results.get(name) ?? []), result!.bytes]);
            rows.push([`${count}`, name, (result!.bytes / 1e6).toFixed(1), result!.seconds.toFixed(0)]);
            console.error(rows.at(-1)!.join("  "));
        }
    }
} finally {
    await removeNamespaces("bench-");
    rmSync(folder, { recursive: true, force: true });
}
console.log(table(["Projects", "layout", "MB written", "s"], rows));
for (const [name, bytes] of results) {
    const grown = Math.log(bytes.at(-1)! / bytes[0]!) / Math.log(projectCounts.at(-1)! / projectCounts[0]!);
    if (bytes.length > 1) {
        console.log(`${name}: bytes grow with the number of Projects to the power of ${grown.toFixed(2)}`);
    }
}
