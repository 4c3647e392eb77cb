/** `npm test`: every check there is, cheapest first, counted together in the last line. */

import { globSync } from "node:fs";
import { setPriority } from "node:os";
import { join, relative } from "node:path";
import { execa } from "execa";
import Mocha from "mocha";

const ORDER = [
    "static",
    "config",
    "planning",
    "common",
    "local",
    "components",
    "provider",
    "policy",
    "kafka",
    "cli",
    "golden",
    "e2e",
    "chaos",
];

/** Folders that are run only when they are named: `npm run chaos`. */
const NAMED_ONLY = ["chaos"];

/** Files that come after the others of their folder: this one destroys what those share. */
const LAST = ["e2e/deletion"];

const SLOWEST = 10;

/** Like mocha's own report, with durations of files and folders. */
class TimingReporter extends Mocha.reporters.Spec {
    override epilogue(): void {
        super.epilogue();
        const tests: Mocha.Test[] = [];
        this.runner.suite.eachTest((test: Mocha.Test) => void tests.push(test));
        console.log(durations(tests));
    }
}

/** Wall-clock time by file, hooks included: when a file's first suite began until its last one ended. */
const began = new Map<string, number>();
const ended = new Map<string, number>();

function durations(tests: readonly Mocha.Test[]): string {
    const files = [...began].map(([file, start]) => [file, (ended.get(file) ?? Date.now()) - start] as const);
    const folders = Map.groupBy(files, ([file]) => file.split("/")[0]!);
    const slowest = tests
        .filter(({ duration }) => duration !== undefined)
        .sort((a, b) => b.duration! - a.duration!)
        .slice(0, SLOWEST);
    return [
        "  Durations:",
        ...[...folders].flatMap(([folder, inFolder]) => [
            line(
                folder,
                inFolder.reduce((sum, [, ms]) => sum + ms, 0),
            ),
            ...inFolder.map(([file, ms]) => line(`  ${file.slice(folder.length + 1)}`, ms)),
        ]),
        "",
        "  Slowest tests:",
        ...slowest.map((test) => line(test.fullTitle(), test.duration!)),
        "",
    ].join("\n");
}

function line(what: string, ms: number): string {
    return `  ${(ms / 1000).toFixed(1).padStart(7)} s  ${what}`;
}

/** Every file of tests as FOLDER/FILE, without its ending, in the order in which they run. */
function allFiles(): string[] {
    const found = ORDER.flatMap((folder) =>
        globSync(`${folder}/**/*.test.ts`, { cwd: import.meta.dirname }).sort(),
    ).map((file) => file.replace(/\.test\.ts$/, ""));
    const last = (file: string) => Number(LAST.includes(file));
    const folderOf = (file: string) => ORDER.indexOf(file.split("/")[0]!);
    return found.sort((a, b) => folderOf(a) - folderOf(b) || last(a) - last(b));
}

/**
 * Arguments choose folders and files of tests: `npm test -- config e2e/failures`. Without any, all are run. What follows
 * `chaos` are files of that folder: `npm run chaos -- roll repair`.
 */
function chosenFiles(): string[] {
    const files = allFiles();
    const [first, ...names] = process.argv.slice(2);
    const chosen =
        first === "chaos" && names.length > 0 ? names.map((name) => `chaos/${name}`) : process.argv.slice(2);
    const matches = (file: string, argument: string) => file === argument || file.startsWith(`${argument}/`);
    const unknown = chosen.filter((argument) => !files.some((file) => matches(file, argument)));
    if (unknown.length > 0) {
        const folder = ORDER.find((name) => unknown[0]!.startsWith(`${name}/`));
        const there = folder === undefined ? ORDER : files.filter((file) => matches(file, folder));
        console.error(`There are no tests called ${unknown.join(", ")}; there are ${there.join(", ")}.`);
        process.exit(2);
    }
    return chosen.length === 0
        ? files.filter((file) => !NAMED_ONLY.some((folder) => matches(file, folder)))
        : files.filter((file) => chosen.some((argument) => matches(file, argument)));
}

/** The outcome of a run of tests. */
interface Outcome {
    readonly passed: number;
    readonly failed: number;
}

/** How much a process of tests that need no cluster steps back for those that time one. */
const NICENESS = 5;

/**
 * Runs files of tests in a process of its own, and prints its report when it has ended. One that ends without a count
 * has failed.
 */
async function runInOwnProcess(files: readonly string[]): Promise<Outcome> {
    const child = execa(process.execPath, [import.meta.filename, ...files], { reject: false, all: true });
    setPriority(child.pid!, NICENESS);
    process.once("exit", () => child.kill());
    const { all } = await child;
    const count = /^(\d+) passed, (\d+) failed$/m.exec(all.trimEnd().split("\n").at(-1)!);
    console.log(all);
    return count === null ? { passed: 0, failed: 1 } : { passed: Number(count[1]), failed: Number(count[2]) };
}

/** @throws what a file of tests throws when it is loaded */
async function load(files: readonly string[]): Promise<Mocha> {
    const mocha = new Mocha({
        reporter: TimingReporter,
        timeout: 30_000,
        forbidOnly: true,
        forbidPending: true,
    });
    for (const file of files) {
        mocha.addFile(join(import.meta.dirname, `${file}.test.ts`));
    }
    await mocha.loadFilesAsync();
    return mocha;
}

/** Runs tests here, and prints the report while they run. */
function runHere(mocha: Mocha): Promise<Outcome> {
    return new Promise((resolve) => {
        const runner = mocha.run((failed) => resolve({ passed: runner.stats!.passes, failed }));
        runner.on("suite", (suite) => {
            const name = nameOf(suite);
            if (name !== undefined && !began.has(name)) {
                began.set(name, Date.now());
            }
        });
        runner.on("suite end", (suite) => {
            const name = nameOf(suite);
            if (name !== undefined) {
                ended.set(name, Date.now());
            }
        });
    });
}

const nameOf = ({ file }: Mocha.Suite) =>
    file === undefined ? undefined : relative(import.meta.dirname, file).replace(/\.test\.ts$/, "");

/**
 * Runs tests: those that need no cluster beside those that have one, which mostly wait. The platform comes first, as
 * both build tools.
 */
async function runAll(files: readonly string[]): Promise<Outcome[]> {
    const [endToEnd, others] = [files.filter(isEndToEnd), files.filter((file) => !isEndToEnd(file))];
    if (endToEnd.length === 0 || others.length === 0) {
        return [await runHere(await load(files))];
    }
    const mocha = await load(endToEnd);
    const { bringUpEarly } = await import("./e2e/environment.ts");
    await bringUpEarly();
    return Promise.all([runHere(mocha), runInOwnProcess(others)]);
}

const isEndToEnd = (file: string) => /^(e2e|chaos)\//.test(file);

const outcomes = await runAll(chosenFiles()).catch((error: unknown): Outcome[] => {
    console.error(error);
    return [{ passed: 0, failed: 1 }];
});
const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
// Tests that were not even run are no success.
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
