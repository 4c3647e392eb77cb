/**
 * `npm run bench:preview`: what a preview costs for 1, 10 and 50 Projects (or the numbers that are given), against a
 * program of Pulumi's template with the same Kubernetes objects and nothing else, and against kubectl. All variants take
 * turns, forwards and backwards, so that a slower minute of the machine meets each of them. Run it with nothing else on
 * the machine.
 *
 * Each run's figures go into docs/benchmarks/preview.json.
 *
 * Nothing deployed: an empty state, so everything is to be created. No change: after an `up` of the same Projects,
 * whose pods there is no room for; see fakePods.ts. kubectl gets the same objects for a dry run on the server.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resourcesOf, type StackState, type StateResource } from "../../cli/pendingOperations.ts";
import { up } from "../../local/commands/up.ts";
import { kubectlEnv, kubectlPath } from "../../local/platform/kubectl.ts";
import { type PulumiOptions, pulumiEnv, runPulumi } from "../../local/pulumi.ts";
import { removeNamespaces, withFakePods } from "./fakePods.ts";
import { type Cost, measure, median, spread, table, writeResults } from "./measure.ts";
import { kubernetesObjects } from "./objects.ts";
import { copyProgram, writeStackFile, writeTemplate } from "./programs.ts";

const STACK = "bench";
const ROUNDS = 5;

interface Variant {
    readonly name: string;
    readonly folder: string;
    readonly env?: NodeJS.ProcessEnv;
}

const folder = mkdtempSync(join(tmpdir(), "unity-bench-"));
const ours = join(folder, "ours");
const template = join(folder, "template");
const TYPES_CHECKED = "template, types checked";
const variants: readonly Variant[] = [
    { name: "this program", folder: ours },
    { name: TYPES_CHECKED, folder: template },
    {
        name: "template, transpiled only",
        folder: template,
        env: { PULUMI_NODEJS_TRANSPILE_ONLY: "true" },
    },
];

/** Without what asks Kafka. */
const IN_KAFKA = ["Users", "SmokeTest"].flatMap((type) => [
    "--exclude",
    `urn:pulumi:**unity:kafka:${type}::**`,
]);

/** What `pulumi preview --json` prints, as far as it is read. */
interface Plan {
    readonly steps: readonly { readonly op: string; readonly newState: StateResource }[];
}

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

/** Writes into the state what a Kafka would have done: behind fake pods there is none. */
async function adoptExcluded(options: PulumiOptions): Promise<void> {
    const stack = ["--stack", STACK];
    const plan = JSON.parse(await runPulumi(["preview", "--json", ...stack], options)) as Plan;
    const state = JSON.parse(await runPulumi(["stack", "export", ...stack], options)) as StackState;
    const created = plan.steps
        .filter(({ op }) => op === "create")
        .map(({ newState }) => ({ ...newState, id: newState.urn, outputs: newState.inputs ?? {} }));
    const resources = [...resourcesOf(state), ...created];
    const file = join(folder, "adopted.json");
    writeFileSync(file, JSON.stringify({ ...state, deployment: { ...state.deployment, resources } }));
    await runPulumi(["stack", "import", "--file", file, ...stack], options);
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
const results: object[] = [];
await up({ nodes: 3, platformOnly: true });
try {
    copyProgram(ours);
    for (const count of projectCounts) {
        const backend = join(folder, `state-${count}`);
        mkdirSync(backend);
        writeStackFile(ours, STACK, count);
        const items = await kubernetesObjects(ours, STACK);
        // Beside ours, in namespaces of its own.
        const text = JSON.stringify(items).replaceAll("bench-", "template-");
        writeTemplate(template, STACK, JSON.parse(text) as unknown[]);
        const programs = [ours, template].map((cwd) => ({ cwd, env: envOf(backend) }));
        for (const options of programs) {
            await runPulumi(["stack", "init", STACK], options);
        }
        writeStackFile(ours, STACK, count);
        add(count, "nothing deployed", await previews(backend, false));
        // Until the last preview: once the controllers run again, they make pods.
        await withFakePods(async () => {
            for (const { cwd, env } of programs) {
                // The state is written once, at the end: what its many versions cost is what bench:state measures.
                const once = { cwd, env: { ...env, PULUMI_SKIP_CHECKPOINTS: "true" } };
                await runPulumi(["up", "--yes", "--skip-preview", ...IN_KAFKA, "--stack", STACK], once);
            }
            await adoptExcluded({ cwd: ours, env: envOf(backend) });
            const unchanged = await previews(backend, true);
            const objects = join(folder, `objects-${count}.json`);
            writeFileSync(objects, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
            add(count, "no change", new Map([...unchanged, ["kubectl, dry run", await kubectl(objects)]]));
        });
        await removeAll();
    }
} finally {
    await removeAll();
    rmSync(folder, { recursive: true, force: true });
}
writeResults("preview", { rounds: ROUNDS, results });
console.log(`Medians of ${ROUNDS}, all variants in turns\n`);
console.log(
    table(
        ["Projects", "state", "variant", "CPU s", "from to", "of the template", "wall s", "peak MiB"],
        rows,
    ),
);

async function removeAll(): Promise<void> {
    await removeNamespaces("bench-");
    await removeNamespaces("template-");
}

function add(count: number, state: string, costs: Map<string, Cost[]>): void {
    const cpu = (name: string) => median(costs.get(name)!.map((cost) => cost.cpu));
    for (const [name, measured] of costs) {
        rows.push([
            `${count}`,
            state,
            name,
            cpu(name).toFixed(2),
            spread(measured.map((cost) => cost.cpu)),
            (cpu(name) / cpu(TYPES_CHECKED)).toFixed(2),
            median(measured.map(({ seconds }) => seconds)).toFixed(2),
            Math.max(...measured.map(({ memory }) => memory)).toFixed(0),
        ]);
        results.push({ projects: count, state, variant: name, runs: measured });
        console.error(rows.at(-1)!.join("  "));
    }
}
