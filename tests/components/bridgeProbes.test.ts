import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { probeScript } from "../../components/mirrormaker/probes.ts";

/** Metrics of two workers, of which the second has joined its group or not, and of the tasks that run. */
const metrics = (heartbeat: number, assigned: number, running: number) =>
    [
        'kafka_connect_assigned_tasks{flow="a->b"} 0.0',
        `kafka_connect_assigned_tasks{flow="b->a"} ${assigned}.0`,
        'kafka_connect_last_heartbeat_seconds_ago{flow="a->b"} 1.0',
        `kafka_connect_last_heartbeat_seconds_ago{flow="b->a"} ${heartbeat}.0`,
        ...Array.from(
            { length: running },
            (_, task) =>
                `kafka_connect_mirror_task_start_time_ms{connector="${task === 0 ? "Checkpoint" : "Source"}",task="${task}"} 1.7E12`,
        ),
    ].join("\n");

describe("a bridge's probes", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "bridge-probes-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    /** Runs the script; an `nc` of ours gives the answer of the metrics agent. */
    function probe(state: "live" | "ready", answer: string): string {
        writeFileSync(join(folder, "answer"), `${answer}\n`);
        writeFileSync(join(folder, "nc"), `#!/bin/sh\nexec cat ${folder}/answer\n`, { mode: 0o755 });
        const script = probeScript(2).replaceAll("/tmp/failed", join(folder, "failed"));
        const { status, stdout, stderr } = spawnSync("sh", ["-c", script, "probe.sh", state], {
            encoding: "utf8",
            env: { PATH: `${folder}:/usr/bin:/bin` },
        });
        assert.equal(stderr, "");
        return status === 0 ? "ok" : stdout.trim();
    }

    it("succeed when every worker is in its group and every assigned task runs", () => {
        assert.equal(probe("ready", metrics(2, 3, 3)), "ok");
        assert.equal(probe("live", metrics(2, 3, 3)), "ok");
    });

    it("call a pod ready only when each of its workers is in its group", () => {
        assert.equal(probe("ready", metrics(-1, 0, 0)), "1 of 2 workers are in their groups");
    });

    it("do not restart a pod whose workers still wait for their groups", () => {
        assert.equal(probe("live", metrics(-1, 0, 0)), "ok");
    });

    it("restart a pod of which no task carries records any more", () => {
        assert.equal(probe("live", metrics(2, 3, 1)), "1 of 3 tasks run");
    });

    it("restart a pod with a failed task only after half an hour while others carry records", () => {
        for (let asked = 0; asked < 60; asked++) {
            assert.equal(probe("live", metrics(2, 3, 2)), "ok");
        }
        assert.equal(probe("live", metrics(2, 3, 2)), "2 of 3 tasks run");
        assert.equal(probe("live", metrics(2, 3, 3)), "ok");
        assert.equal(probe("live", metrics(2, 3, 2)), "ok");
    });

    it("hold a pod back from its start until each worker has started", () => {
        assert.equal(probe("live", ""), "0 of 2 workers have started");
    });
});
