import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../../common/paths.ts";

/** What Pulumi's language host for Node.js starts for `--policy-pack`. */
const RUNNER = join(root, "node_modules/@pulumi/pulumi/cmd/run-plugin");

describe("the policy pack, started as Pulumi starts it", () => {
    it("serves its rules and prints its port", async () => {
        const pack = spawn(process.execPath, [RUNNER, join(root, "policy"), "127.0.0.1:1"], {
            cwd: root,
            stdio: ["ignore", "pipe", "pipe"],
            timeout: 20_000,
        });
        try {
            const errors: string[] = [];
            pack.stderr.on("data", (data: Buffer) => errors.push(data.toString()));
            const ended = once(pack, "close").then(() => ["", errors.join("")] as const);
            const first = once(createInterface(pack.stdout), "line").then(
                ([line]) => [line as string, ""] as const,
            );
            const [line, why] = await Promise.race([first, ended]);
            assert.match(line, /^\d+$/, why);
        } finally {
            pack.kill();
        }
    });
});
