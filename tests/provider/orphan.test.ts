import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../../common/paths.ts";

/** Starts the provider as Pulumi does, tells its number, and waits, as Pulumi does. */
const PULUMI = `"$0" 127.0.0.1:1 & echo "pid $!"; wait`;

/** Whether it runs; one that has ended and that nobody has waited for has no command any more. */
function runs(pid: number): boolean {
    try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8") !== "";
    } catch {
        return false;
    }
}

describe("the process of the provider", () => {
    it("ends when Pulumi has been killed, so that nothing changes unknown to the next up", async () => {
        const shell = spawn("sh", ["-c", PULUMI, join(root, "provider/pulumi-resource-unity")], {
            stdio: ["ignore", "pipe", "inherit"],
        });
        let printed = "";
        shell.stdout.on("data", (chunk: Buffer) => {
            printed += String(chunk);
        });
        // It prints its port when it is ready.
        while (!/^\d+$/m.test(printed)) {
            await sleep(50);
        }
        const pid = Number(/^pid (\d+)$/m.exec(printed)![1]);
        assert.equal(runs(pid), true);
        shell.kill("SIGKILL");
        await once(shell, "exit");
        const deadline = Date.now() + 10_000;
        while (runs(pid) && Date.now() < deadline) {
            await sleep(50);
        }
        assert.equal(runs(pid), false, `process ${pid} still runs`);
    });
});
