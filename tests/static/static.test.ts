import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../common/paths.ts";
import { unlessUnchanged } from "./unchanged.ts";

/** Runs a tool of this checkout; what it reports becomes the test's message. */
async function tool(name: string, ...args: string[]): Promise<void> {
    try {
        await promisify(execFile)(join(root, "node_modules/.bin", name), args, {
            cwd: root,
            maxBuffer: 1 << 26,
        });
    } catch (error) {
        const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
        throw new Error(`${name} ${args.join(" ")}\n${stdout}${stderr}`);
    }
}

describe("the sources", function () {
    this.timeout("5m");

    it("have sound types", () => unlessUnchanged("tsc", () => tool("tsc", "--noEmit")));
    it("are formatted, pass the linter and import in one direction (npx biome check --write fixes most)", () =>
        tool("biome", "ci", "--colors=off", "--error-on-warnings"));
    it("leave no promise unwatched and print no Output", () =>
        unlessUnchanged("eslint", () => tool("eslint", "--max-warnings=0", ".")));
    it("have no unused file, export, type or dependency (knip)", () =>
        unlessUnchanged("knip", () => tool("knip", "--no-progress", "--treat-config-hints-as-errors")));
});
