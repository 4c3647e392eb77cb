import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readinessScript } from "../../components/kafka/readinessProbe.ts";

/** What the metrics agent says of a broker. */
interface Broker {
    state?: number;
    /** Requests of the controller that were carried out. */
    leaderAndIsr?: number;
    updateMetadata?: number;
    /** The same, refused as they were meant for the broker before its start. */
    staleLeaderAndIsr?: number;
    known?: number;
    leading?: number;
    /** Lag of each partition that it follows and has fetched at least once, by `TOPIC-PARTITION`. */
    lags?: Record<string, number>;
    failedPartitions?: number;
    deadThreads?: number;
}

/** Nothing answers on the agent's port. */
const SILENT = "silent";
/** The agent is healthy, and collects its beans for too long. */
const SLOW = "slow";

/** Takes the connection and never answers, as a process that is stopped. */
const HANGS = "hangs";

type Answer = Broker | typeof SILENT | typeof SLOW | typeof HANGS;

function answerOf({
    state = 3,
    leaderAndIsr = 1,
    updateMetadata = 2,
    staleLeaderAndIsr = 0,
    leading = 0,
    lags = {},
    known = leading + Object.keys(lags).length,
    failedPartitions = 0,
    deadThreads = 0,
}: Broker): string {
    const requests = (request: string, error: string, count: number) =>
        count > 0
            ? [`kafka_network_requestmetrics_errors_total{error="${error}",request="${request}"} ${count}.0`]
            : [];
    return [
        "HTTP/1.1 200 OK",
        "",
        "# TYPE kafka_server_kafkaserver_brokerstate gauge",
        `kafka_server_kafkaserver_brokerstate ${state}.0`,
        `kafka_network_requestmetrics_errors_total{error="NONE",request="Fetch"} 1234.0`,
        ...requests("LeaderAndIsr", "NONE", leaderAndIsr),
        ...requests("LeaderAndIsr", "STALE_BROKER_EPOCH", staleLeaderAndIsr),
        ...requests("UpdateMetadata", "NONE", updateMetadata),
        `kafka_server_replicamanager_partitioncount ${known}.0`,
        `kafka_server_replicamanager_leadercount ${leading}.0`,
        `kafka_server_replicafetchermanager_failedpartitionscount{clientId="Replica"} ${failedPartitions}.0`,
        `kafka_server_replicafetchermanager_deadthreadcount{clientId="Replica"} ${deadThreads}.0`,
        ...Object.entries(lags).map(([name, lag]) => {
            const [, topic, partition] = /^(.+)-(\d+)$/.exec(name)!;
            return `kafka_server_fetcherlagmetrics_consumerlag{clientId="ReplicaFetcherThread-0-1",partition="${partition}",topic="${topic}"} ${lag}.0`;
        }),
        "",
    ].join("\n");
}

/** An `nc` that gives one answer after the other and repeats the last, and says at once that the agent is healthy. */
const nc = (folder: string) => `#!/bin/sh
[ -e ${folder}/silent ] && exit 1
[ -e ${folder}/hangs ] && exec /bin/sleep 60
read -r request
case $request in *healthy*) echo 'HTTP/1.1 200 OK'; exit 0 ;; esac
read -r asked < ${folder}/asked
asked=$((asked + 1))
echo $asked > ${folder}/asked
while [ $asked -gt 1 ] && [ ! -e ${folder}/answer-$asked ]; do asked=$((asked - 1)); done
exec cat ${folder}/answer-$asked
`;

describe("a broker's readiness probe", function () {
    this.timeout("20s");
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "readiness-"));
        mkdirSync(join(folder, "bin"));
        const program = (name: string, text: string) =>
            writeFileSync(join(folder, "bin", name), text, { mode: 0o755 });
        program("nc", nc(folder));
        program("sleep", `#!/bin/sh\necho $1 >> ${folder}/slept\n`);
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    /** Runs the script itself once, while the agent gives these answers in turn. */
    function probe(...answers: Answer[]) {
        for (const state of [SILENT, HANGS]) {
            rmSync(join(folder, state), { force: true });
        }
        writeFileSync(join(folder, "asked"), "0");
        for (let n = 1; n <= 9; n++) {
            rmSync(join(folder, `answer-${n}`), { force: true });
        }
        answers.forEach((answer, n) => {
            if (answer === SILENT || answer === HANGS) {
                writeFileSync(join(folder, answer), "");
            } else {
                const text = answer === SLOW ? "" : answerOf(answer);
                writeFileSync(join(folder, `answer-${n + 1}`), text);
            }
        });
        const env = { PATH: `${join(folder, "bin")}:/usr/bin:/bin` };
        const script = readinessScript(join(folder, "known"));
        const { status, stdout, stderr } = spawnSync("sh", ["-c", script], { encoding: "utf8", env });
        assert.equal(stderr, "");
        return { ready: status === 0, says: stdout.trim() };
    }
    const asked = () => Number(readFileSync(join(folder, "asked"), "utf8"));
    const slept = () => readFileSync(join(folder, "slept"), "utf8").trim().split("\n");

    const READY = { ready: true, says: "" };
    const unready = (says: string) => ({ ready: false, says });

    describe("of a broker that has started", () => {
        it("succeeds when the broker leads, or has fetched, every partition, seen twice after it was told of them", () => {
            assert.deepEqual(probe({ leading: 1, lags: { "t-0": 0, "t-1": 0 } }), READY);
            assert.equal(asked(), 3);
            assert.deepEqual(slept(), ["1", "1"]);
        });

        it("succeeds for partitions of one replica, which no broker fetches", () => {
            assert.deepEqual(probe({ leading: 1 }), READY);
        });

        it("fails while the broker is not running yet", () => {
            assert.deepEqual(probe({ state: 2 }), unready("broker state is 2, not 3 (running)"));
            assert.equal(asked(), 1);
        });

        it("fails while the metrics agent does not answer", () => {
            assert.deepEqual(probe(SILENT), unready("broker state is none, not 3 (running)"));
        });

        it("fails until the controller has told the broker of the cluster", () => {
            const says = "the controller has not told it its partitions";
            assert.deepEqual(probe({ leaderAndIsr: 0, updateMetadata: 0 }), unready(says));
        });

        it("does not count what the controller told the broker before its start", () => {
            const stale = { leaderAndIsr: 0, updateMetadata: 0, staleLeaderAndIsr: 3 };
            const says = "the controller has not told it its partitions";
            assert.deepEqual(probe(stale), unready(says));
        });

        it("succeeds for a broker without partitions, after more time for the controller", () => {
            assert.deepEqual(probe({ leaderAndIsr: 0 }), READY);
            assert.deepEqual(slept(), ["2", "2"]);
        });

        it("begins again when a broker that seemed to have no partitions is told some", () => {
            const empty = { leaderAndIsr: 0, updateMetadata: 1 };
            // Counted before it was told, although the number of requests in the same answer is newer.
            const between = { leaderAndIsr: 1, known: 0 };
            const behind = { lags: { "t-0": 17 } };
            assert.deepEqual(probe(empty, empty, between), {
                ready: false,
                says: "the controller has just told it its partitions",
            });
            assert.deepEqual(probe(behind), unready('still behind: partition="0",topic="t"}'));
            assert.deepEqual(probe({ lags: { "t-0": 0 } }), READY);
        });

        it("fails while a partition lags", () => {
            const says = 'still behind: partition="1",topic="t"}';
            assert.deepEqual(probe({ lags: { "t-0": 0, "t-1": 17, "t-2": 18 } }), unready(says));
        });

        it("fails while a partition was not fetched yet", () => {
            const answer = probe({ known: 3, leading: 1, lags: { "t-0": 0 } });
            assert.deepEqual(answer, unready("leads 1 and follows 1 of 3 partitions"));
        });

        it("fails when it was in sync only once", () => {
            const inSync = { lags: { "t-0": 0 } };
            const behind = { lags: { "t-0": 5 } };
            assert.deepEqual(probe(inSync, inSync, behind).ready, false);
            assert.deepEqual(probe(inSync, behind, inSync).ready, false);
        });

        it("goes on where a probe that took too long was ended", () => {
            const inSync = { lags: { "t-0": 0 } };
            assert.equal(probe(inSync, inSync, { state: 2 }).ready, false);
            assert.deepEqual(probe(inSync), READY);
            assert.equal(asked(), 1);
        });

        it("takes no notice of folders on the disk, such as those of partitions that were moved away meanwhile", () => {
            assert.doesNotMatch(readinessScript(), /\/var\/lib/);
        });

        it("succeeds while topics come and go, as soon as no partition waits for its first fetch", () => {
            const inSync = { lags: { "t-0": 0, "t-1": 0 } };
            const newTopic = { ...inSync, known: 3 };
            assert.deepEqual(probe(inSync, newTopic, inSync).ready, false);
            assert.deepEqual(probe(inSync), READY);
        });
    });

    describe("of a broker that was in sync", () => {
        const IN_SYNC = { leading: 1, lags: { "t-0": 0, "t-1": 0 } };
        beforeEach(() => assert.deepEqual(probe(IN_SYNC), READY));

        /** The next probe that looks at the replicas. */
        function check(answer: Answer) {
            writeFileSync(join(folder, "known", "probes"), "11");
            const result = probe(answer);
            assert.equal(asked(), 1);
            return result;
        }
        const BEHIND = unready('out of sync for minutes: partition="1",topic="t"}');

        it("looks at the replicas in every twelfth probe only", () => {
            const questions = Array.from({ length: 24 }, () => {
                assert.deepEqual(probe(IN_SYNC), READY);
                return asked();
            });
            const twelve = [...Array.from({ length: 11 }, () => 0), 1];
            assert.deepEqual(questions, [...twelve, ...twelve]);
        });

        it("succeeds when a replica is behind for a moment", () => {
            const behind = { leading: 1, lags: { "t-0": 0, "t-1": 9 } };
            assert.deepEqual(check(behind), READY);
            assert.deepEqual(check(IN_SYNC), READY);
            assert.deepEqual(check(behind), READY);
        });

        it("fails when a replica is behind in two checks in a row, until it is in sync", () => {
            const behind = { leading: 1, lags: { "t-0": 0, "t-1": 9 } };
            assert.deepEqual(check(behind), READY);
            assert.deepEqual(check(behind), BEHIND);
            assert.deepEqual(probe(behind), BEHIND);
            assert.deepEqual(check(IN_SYNC), READY);
            assert.deepEqual(probe(IN_SYNC), READY);
        });

        it("fails when a fetcher has failed: its replicas do not get in sync by themselves", () => {
            for (const failure of [{ failedPartitions: 1 }, { deadThreads: 1 }]) {
                check({ ...IN_SYNC, ...failure });
                const says = "out of sync for minutes: a fetcher has failed";
                assert.deepEqual(check({ ...IN_SYNC, ...failure }), unready(says));
                assert.deepEqual(check(IN_SYNC), READY);
            }
        });

        it("succeeds while replicas are added, however long that takes", () => {
            const moving = { leading: 1, lags: { "t-0": 0, "t-1": 0, "new-0": 99_999 } };
            for (let n = 0; n < 4; n++) {
                assert.deepEqual(check(moving), READY);
            }
            assert.deepEqual(check({ leading: 1, lags: { ...IN_SYNC.lags, "new-0": 0 } }), READY);
            check(moving);
            assert.equal(check(moving).ready, false);
        });

        it("still counts a replica that was in sync before its leader changed", () => {
            const behind = { leading: 0, lags: { "t-0": 0, "t-1": 9, "t-2": 9 } };
            check(behind);
            assert.deepEqual(check(behind), BEHIND);
        });

        it("fails while the broker does not answer, and succeeds as soon as it does", () => {
            assert.deepEqual(probe(SILENT), unready("the broker does not answer"));
            assert.deepEqual(probe(IN_SYNC), READY);
        });

        it("fails within the kubelet's limit when the broker takes the connection and never answers", () => {
            const begun = performance.now();
            assert.deepEqual(probe(HANGS), unready("the broker does not answer"));
            assert(performance.now() - begun < 10_000);
            assert.deepEqual(probe(IN_SYNC), READY);
        });

        it("keeps its verdict when a check gets no answer", () => {
            const behind = { leading: 1, lags: { "t-0": 0, "t-1": 9 } };
            check(behind);
            assert.deepEqual(check(SLOW), READY);
            assert.deepEqual(check(behind), BEHIND);
            assert.deepEqual(check(SLOW), BEHIND);
        });
    });

    it("reads what a broker with 4000 partitions says in a fraction of its time limit of 10 s", () => {
        const lags = (lag: number) =>
            Object.fromEntries(
                Array.from({ length: 4000 }, (_, n) => [
                    `a-topic-of-a-project-${n % 400}-${Math.trunc(n / 400)}`,
                    lag,
                ]),
            );
        const timed = (...answers: Answer[]) => {
            const begun = performance.now();
            assert.deepEqual(probe(...answers), READY);
            assert(performance.now() - begun < 5_000);
        };
        timed({ lags: lags(0) });
        // Behind in all of them, which is the most work.
        writeFileSync(join(folder, "known", "probes"), "11");
        timed({ lags: lags(5) });
    });
});
