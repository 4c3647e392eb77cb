import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
    cpSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../common/paths.ts";
import { goldenPath } from "./golden.ts";

/** What an environment is deployed from: everything but the CLI, the embedded platform and the tests. */
const DEPLOYED = [
    "index.ts",
    "package.json",
    "common",
    "config",
    "planning",
    "components",
    "provider",
    "kafka",
    "monitoring",
    ...readdirSync(root).filter((name) => /^Pulumi\..*yaml$/.test(name)),
];

/** `golden.ts` lists the stacks with a function of the CLI, so the copy gets this in its place. */
const GOLDEN = `export const stackFile = (stack) => new URL(\`../../Pulumi.\${stack}.yaml\`, import.meta.url);\n`;

describe("a copy of the program without cli/ and local/", () => {
    const copy = mkdtempSync(join(tmpdir(), "unity-deployed-"));
    const golden = join(copy, "tests", "golden");

    before(() => {
        for (const name of DEPLOYED) {
            cpSync(join(root, name), join(copy, name), { recursive: true });
        }
        symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
        mkdirSync(golden, { recursive: true });
        for (const name of readdirSync(import.meta.dirname).filter((name) => name.endsWith(".ts"))) {
            cpSync(join(import.meta.dirname, name), join(golden, name));
        }
        writeFileSync(join(golden, "golden.ts"), GOLDEN);
    });
    after(() => rmSync(copy, { recursive: true }));

    for (const stack of ["dev", "local"]) {
        it(`registers for ${stack} what the golden file says`, async () => {
            const script = join(golden, "registrations.ts");
            const { stdout } = await promisify(execFile)(process.execPath, [script, stack], {
                cwd: copy,
                maxBuffer: 1 << 28,
            });
            assert.deepEqual(JSON.parse(stdout), JSON.parse(readFileSync(goldenPath(stack), "utf8")));
        });
    }
});
