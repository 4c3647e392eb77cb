/** `npm test`: every check there is, cheapest first, counted together in the last line. */

import { globSync } from "node:fs";
import { join } from "node:path";
import Mocha from "mocha";

const ORDER = [
    "static",
    "config",
    "planning",
    "common",
    "components",
    "provider",
    "policy",
    "kafka",
    "cli",
    "golden",
    "e2e",
];

/** Like mocha's own report, with the count of passed and failed tests as the last line. */
class CountingReporter extends Mocha.reporters.Spec {
    override epilogue(): void {
        super.epilogue();
        console.log(countLine(this.stats.passes, this.stats.failures));
    }
}

function countLine(passed: number, failed: number): string {
    return `${passed} passed, ${failed} failed`;
}

/** Arguments choose folders of tests: `npm test -- config golden`. Without any, all are run. */
function chosenFolders(): string[] {
    const chosen = process.argv.slice(2);
    const unknown = chosen.filter((folder) => !ORDER.includes(folder));
    if (unknown.length > 0) {
        console.error(`There are no tests called ${unknown.join(", ")}; there are ${ORDER.join(", ")}.`);
        process.exit(2);
    }
    return chosen.length > 0 ? ORDER.filter((folder) => chosen.includes(folder)) : ORDER;
}

const mocha = new Mocha({
    reporter: CountingReporter,
    timeout: 30_000,
    forbidOnly: true,
    forbidPending: true,
});
for (const folder of chosenFolders()) {
    for (const file of globSync(`${folder}/**/*.test.ts`, { cwd: import.meta.dirname }).sort()) {
        mocha.addFile(join(import.meta.dirname, file));
    }
}
try {
    await mocha.loadFilesAsync();
} catch (error) {
    console.error(error);
    console.log(countLine(0, 1));
    process.exit(1);
}
const runner = mocha.run((failures) => {
    // Tests that were not even run are no success.
    process.exitCode = failures > 0 || runner.stats?.tests === 0 ? 1 : 0;
});
