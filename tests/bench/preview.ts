/**
 * `npm run bench:preview`: what a preview costs for 1, 10 and 50 Projects (or the numbers that are given), against
 * the same program as `pulumi new` has it, and against kubectl. All variants take turns, forwards and backwards, so
 * that a slower minute of the machine meets each of them. Run it with nothing else on the machine.
 *
 * Nothing deployed: an empty state, so everything is to be created. No change: after an `up` of the same Projects,
 * whose pods there is no room for; see fakePods.ts. kubectl gets the same objects for a dry run on the server.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { up } from "../../local/commands/up.ts";
import { kubectlEnv, kubectlPath } from "../../local/platform/kubectl.ts";
import { pulumiEnv, runPulumi } from "../../local/pulumi.ts";
import { removeNamespaces, withFakePods } from "./fakePods.ts";
import { type Cost, measure, median, table } from "./measure.ts";
import { kubernetesObjects } from "./objects.ts";
import { copyAsTemplate, copyProgram, writeStackFile } from "./programs.ts";

const STACK = "bench";
const ROUNDS = 3;

interface Variant {
    readonly name: string;
    readonly folder: string;
    readonly env?: NodeJS.ProcessEnv;
}

const folder = mkdtempSync(join(tmpdir(), "unity-bench-"));
const variants: readonly Variant[] = [
    { name: "this program", folder: join(folder, "ours") },
    { name: "template, types checked", folder: join(folder, "checked") },
    {
        name: "template, transpiled only",
        folder: join(folder, "transpiled"),
        env: { PULUMI_NODEJS_TRANSPILE_ONLY: "true" },
    },
];

const envOf = (backend: string, more: NodeJS.ProcessEnv = {}) => ({
    ...pulumiEnv(),
    PULUMI_BACKEND_URL: `file://${backend}`,
    // ts-node 7 keeps what it has compiled, and checks no types of it again: each run is to be a first one.
    TS_NODE_CACHE: "false",
    ...more,
});

/** Costs of a preview by variant, of every round. */
async function previews(backend: string, expectNothing: boolean): Promise<Map<string, Cost[]>> {
    const costs = new Map<string, Cost[]>(variants.map(({ name }) => [name, []]));
    const args = [
        "preview",
        "--stack",
        STACK,
        "--non-interactive",
        ...(expectNothing ? ["--expect-no-changes"] : []),
    ];
    for (let round = 0; round < ROUNDS; round++) {
        for (const { name, folder: program, env } of round % 2 === 0 ? variants : variants.toReversed()) {
            costs.get(name)!.push(await measure(["pulumi", ...args], program, envOf(backend, env)));
        }
    }
    return costs;
}

async function kubectl(objects: string): Promise<Cost[]> {
    const costs: Cost[] = [];
    const args = ["apply", "--server-side", "--dry-run=server", "--force-conflicts", "-f", objects];
    for (let round = 0; round < ROUNDS; round++) {
        costs.push(await measure([kubectlPath, ...args], folder, kubectlEnv()));
    }
    return costs;
}

const numbers = process.argv.slice(2).map(Number);
const projectCounts = numbers.length > 0 ? numbers : [1, 10, 50];
const rows: string[][] = [];
try {
    await up({ nodes: 3, platformOnly: true });
    copyProgram(variants[0]!.folder);
    for (const { folder: program } of variants.slice(1)) {
        copyAsTemplate(program);
    }
    for (const count of projectCounts) {
        const backend = join(folder, `state-${count}`);
        mkdirSync(backend);
        const options = { cwd: variants[0]!.folder, env: envOf(backend) };
        for (const { folder: program } of variants) {
            writeStackFile(program, STACK, count);
        }
        await runPulumi(["stack", "init", STACK], options);
        writeStackFile(variants[0]!.folder, STACK, count);
        add(count, "nothing deployed", await previews(backend, false));
        // Until the last preview: once the controllers run again, they make pods.
        await withFakePods(async () => {
            await runPulumi(["up", "--yes", "--skip-preview", "--stack", STACK], options);
            const unchanged = await previews(backend, true);
            const objects = join(folder, `objects-${count}.json`);
            const items = await kubernetesObjects(variants[0]!.folder, STACK);
            writeFileSync(objects, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
            add(count, "no change", new Map([...unchanged, ["kubectl, dry run", await kubectl(objects)]]));
        });
        await removeNamespaces("bench-");
    }
} finally {
    await removeNamespaces("bench-");
    rmSync(folder, { recursive: true, force: true });
}
console.log(`Medians of ${ROUNDS}, all variants in turns\n`);
console.log(table(["Projects", "state", "variant", "CPU s", "of the template", "wall s", "peak MiB"], rows));

function add(count: number, state: string, costs: Map<string, Cost[]>): void {
    const cpu = (name: string) => median(costs.get(name)!.map((cost) => cost.cpu));
    for (const [name, measured] of costs) {
        rows.push([
            `${count}`,
            state,
            name,
            cpu(name).toFixed(2),
            (cpu(name) / cpu(variants[1]!.name)).toFixed(2),
            median(measured.map(({ seconds }) => seconds)).toFixed(2),
            Math.max(...measured.map(({ memory }) => memory)).toFixed(0),
        ]);
        console.error(rows.at(-1)!.join("  "));
    }
}
