/** `npm test`: every check there is, cheapest first, counted together in the last line. */

import { globSync } from "node:fs";
import { join, relative } from "node:path";
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

/** Like mocha's own report, with durations of files and folders and, as the last line, the count of tests. */
class CountingReporter extends Mocha.reporters.Spec {
    override epilogue(): void {
        super.epilogue();
        const tests: Mocha.Test[] = [];
        this.runner.suite.eachTest((test: Mocha.Test) => void tests.push(test));
        console.log(durations(tests));
        console.log(countLine(this.stats.passes, this.stats.failures));
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

function countLine(passed: number, failed: number): string {
    return `${passed} passed, ${failed} failed`;
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

const isEndToEnd = (file: string) => /^(e2e|chaos)\//.test(file);

const mocha = new Mocha({
    reporter: CountingReporter,
    timeout: 30_000,
    forbidOnly: true,
    forbidPending: true,
});
const files = chosenFiles();
for (const file of files) {
    mocha.addFile(join(import.meta.dirname, `${file}.test.ts`));
}
try {
    await mocha.loadFilesAsync();
} catch (error) {
    console.error(error);
    console.log(countLine(0, 1));
    process.exit(1);
}
if (files.some(isEndToEnd) && !files.every(isEndToEnd)) {
    const { bringUpEarly } = await import("./e2e/environment.ts");
    await bringUpEarly();
}
const runner = mocha.run((failures) => {
    // Tests that were not even run are no success.
    process.exitCode = failures > 0 || runner.stats?.tests === 0 ? 1 : 0;
});
const nameOf = ({ file }: Mocha.Suite) =>
    file === undefined ? undefined : relative(import.meta.dirname, file).replace(/\.test\.ts$/, "");
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
