import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readinessScript } from "../../components/kafka/readinessProbe.ts";

interface Broker {
    /** Names of folders in the data folder. */
    onDisk: string[];
    state?: number;
    known?: number;
    leading?: number;
    /** Lag of each partition that it follows and has fetched at least once. */
    lags?: number[];
    /** Nothing listens on the port of the metrics agent. */
    silent?: boolean;
}

describe("a broker's readiness probe", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "in-sync-"));
        for (const name of ["bin", "data"]) {
            mkdirSync(join(folder, name));
        }
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    /** Runs the probe itself; an `nc` of ours gives the answer of the metrics agent. */
    function probe({
        onDisk,
        state = 3,
        known = onDisk.length,
        leading = 0,
        lags = [],
        silent = false,
    }: Broker) {
        for (const name of onDisk) {
            mkdirSync(join(folder, "data", name), { recursive: true });
        }
        writeFileSync(join(folder, "data", "recovery-point-offset-checkpoint"), "");
        const answer = [
            "HTTP/1.1 200 OK",
            "",
            "# TYPE kafka_server_kafkaserver_brokerstate gauge",
            `kafka_server_kafkaserver_brokerstate ${state}.0`,
            `kafka_server_replicamanager_partitioncount ${known}.0`,
            `kafka_server_replicamanager_leadercount ${leading}.0`,
            ...lags.map(
                (lag, i) =>
                    `kafka_server_fetcherlagmetrics_consumerlag{clientId="ReplicaFetcherThread-0-1",partition="${i}",topic="t"} ${lag}.0`,
            ),
        ].join("\n");
        writeFileSync(join(folder, "answer"), `${answer}\n`);
        writeFileSync(
            join(folder, "bin", "nc"),
            `#!/bin/sh\n${silent ? "exit 1" : `exec cat ${folder}/answer`}\n`,
            {
                mode: 0o755,
            },
        );
        const script = readinessScript(join(folder, "data"), join(folder, "in-sync"));
        const env = { PATH: `${join(folder, "bin")}:/usr/bin:/bin` };
        const { status, stdout, stderr } = spawnSync("sh", ["-c", script], { encoding: "utf8", env });
        assert.equal(stderr, "");
        return { ready: status === 0, says: stdout.trim(), noted: existsSync(join(folder, "in-sync")) };
    }

    const READY = { ready: true, says: "", noted: true };
    const unready = (says: string) => ({ ready: false, says, noted: false });

    it("succeeds at once for a broker without partitions", () => {
        assert.deepEqual(probe({ onDisk: [] }), READY);
    });

    it("succeeds when the broker leads, or has fetched, every partition on its disk", () => {
        assert.deepEqual(probe({ onDisk: ["t-0", "t-1", "t-2"], leading: 1, lags: [0, 0] }), READY);
    });

    it("succeeds for partitions of one replica, which no broker fetches", () => {
        assert.deepEqual(probe({ onDisk: ["single-0"], leading: 1 }), READY);
    });

    it("fails while the broker is not running yet", () => {
        assert.deepEqual(probe({ onDisk: [], state: 2 }), unready("broker state is 2, not 3 (running)"));
    });

    it("fails until the controller has told the broker of its partitions", () => {
        assert.deepEqual(
            probe({ onDisk: ["t-0", "t-1"], known: 0 }),
            unready("knows 0 partitions of 2 on disk"),
        );
    });

    it("fails while a partition lags", () => {
        const { ready, says } = probe({ onDisk: ["t-0", "t-1"], lags: [0, 17] });
        assert(!ready);
        assert.match(says, /^still behind: .*partition="1",topic="t"} 17\.0$/);
    });

    it("fails while a partition was not fetched yet", () => {
        const answer = probe({ onDisk: ["t-0", "t-1", "t-2"], leading: 1, lags: [0] });
        assert.deepEqual(answer, unready("leads 1 and follows 1 of 3 partitions"));
    });

    it("ignores partitions that are being deleted", () => {
        const onDisk = ["t-0", "old-0.0a1b2c-delete", "lost-3.0a1b2c-stray", "moved-1.0a1b2c-future"];
        assert.deepEqual(probe({ onDisk, known: 1, leading: 1 }), READY);
    });

    it("fails while the metrics agent does not answer", () => {
        const says = "broker state is none, not 3 (running)";
        assert.deepEqual(probe({ onDisk: [], silent: true }), unready(says));
    });

    it("keeps succeeding once the broker was in sync", () => {
        assert.deepEqual(probe({ onDisk: ["t-0"], leading: 1 }), READY);
        assert.deepEqual(probe({ onDisk: ["t-0"], lags: [99_999] }), READY);
    });
});
