import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isStale, lockedError, type Machine, thisMachine } from "../../cli/stackLock.ts";

const MESSAGE = `error: the stack is currently locked by 2 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.
  gs://acme-state/.pulumi/locks/organization/unity-kafka/dev/aaa.json: created by anna@laptop-1 (pid 4711) at 2026-11-28T16:06:58Z
  file:///state/.pulumi/locks/organization/unity-kafka/dev/bbb.json?no_tmp_dir=true: created by bert@vm (pid 12) at 2026-11-28T16:06:59Z
`;
const anna = {
    user: "anna",
    host: "laptop-1",
    pid: 4711,
    since: "2026-11-28T16:06:58Z",
    isLocal: false,
};
const bert = { user: "bert", host: "vm", pid: 12, since: "2026-11-28T16:06:59Z", isLocal: true };
const laptop: Machine = { host: "laptop-1", user: "anna", isUnique: true, runsPulumi: () => false };

async function until(holds: () => boolean): Promise<void> {
    for (let i = 0; i < 200 && !holds(); i++) {
        await sleep(20);
    }
    assert(holds());
}

describe("the lock of a stack", () => {
    it("tells who holds it, by what pulumi prints", () => {
        assert.deepEqual(lockedError(MESSAGE)?.holders, [anna, bert]);
        const cloud = "error: [409] Conflict: Another update is currently in progress.";
        assert.deepEqual(lockedError(cloud)?.holders, []);
        assert.equal(lockedError("error: no stack named 'dev' found"), undefined);
    });

    it("is left over only where its process was one of this machine and has ended", () => {
        assert.equal(isStale(anna, laptop), true);
        assert.equal(isStale(anna, { ...laptop, runsPulumi: (pid) => pid === 4711 }), false);
        assert.equal(isStale(anna, { ...laptop, host: "laptop-2" }), false);
        assert.equal(isStale(anna, { ...laptop, user: "bert" }), false);
    });

    it("is left over by a pulumi that was killed, also while nobody has asked for its end", async () => {
        const folder = mkdtempSync(join(tmpdir(), "unity-lock-"));
        const pulumi = join(folder, "pulumi");
        copyFileSync("/bin/sleep", pulumi);
        // Becomes a process that asks for the end of none of its children.
        const parent = spawn("sh", ["-c", `"${pulumi}" 60 & echo $!; exec sleep 60`]);
        try {
            const [line] = (await once(parent.stdout, "data")) as [Buffer];
            const pid = Number(line);
            await until(() => thisMachine.runsPulumi(pid));
            process.kill(pid, "SIGKILL");
            await until(() => !thisMachine.runsPulumi(pid));
            assert.match(readFileSync(`/proc/${pid}/stat`, "utf8"), /\) Z /);
        } finally {
            parent.kill("SIGKILL");
            rmSync(folder, { recursive: true });
        }
    });

    it("in a bucket is not judged by the name of a CI runner, which many have; one in a file is", () => {
        const runner = { ...laptop, isUnique: false };
        assert.equal(isStale(anna, runner), false);
        assert.equal(isStale({ ...anna, isLocal: true }, runner), true);
    });
});
