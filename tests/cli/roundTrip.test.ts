import assert from "node:assert/strict";
import { UnityError } from "../../cli/errors.ts";
import type { InputFile } from "../../cli/transfer/inputFile.ts";
import { type RoundTripOptions, roundTrip } from "../../cli/transfer/roundTrip.ts";
import { type Corruption, FakeKafka } from "./fakeKafka.ts";

const TOPIC = "unity-file-20260101T000000Z-0a1b2c3d";

function fileOf(...chunks: (string | Buffer)[]): InputFile {
    return {
        size: undefined,
        close: () => Promise.resolve(),
        isWaiting: () => false,
        async *chunks() {
            yield* chunks.map((chunk) => Buffer.from(chunk));
        },
    };
}

function run(
    kafka: FakeKafka,
    file: InputFile,
    options: Partial<RoundTripOptions> = {},
): ReturnType<typeof roundTrip> {
    const interrupted = new AbortController().signal;
    return roundTrip({ kafka, namespace: "demo", file, topic: TOPIC, timeout: 60, interrupted, ...options });
}

const lines = (count: number): string => Array.from({ length: count }, (_, i) => `line ${i}\n`).join("");

function assertNothingLeft(kafka: FakeKafka): void {
    assert.deepEqual([...kafka.topics.keys()], []);
    assert.deepEqual(kafka.deletedGroups, [TOPIC]);
    assert.equal(kafka.closed, true);
}

describe("roundTrip", () => {
    it("sends every record once, side by side in all partitions, and deletes the topic", async () => {
        const kafka = new FakeKafka();
        const { result, deleted } = await run(kafka, fileOf(lines(10_000), "last line"));
        assert.equal(deleted, true);
        assert.deepEqual(
            [result.records, result.lines, result.bytes],
            [10_001, 10_001, Buffer.byteLength(lines(10_000)) + 9],
        );
        assert.deepEqual([result.missing, result.duplicated, result.changed, result.reordered], [0, 0, 0, 0]);
        assert.equal(kafka.created[0]?.partitions, 6);
        assert.equal(kafka.created[0]?.replicationFactor, 3);
        assert.equal(kafka.created[0]?.config["min.insync.replicas"], "2");
        assert.equal(kafka.maxInFlight, 6);
        assertNothingLeft(kafka);
    });

    for (const text of ["\n", "\n\n\n", "x", "a\r\nb", "x".repeat(3_000_000)]) {
        it(`takes ${JSON.stringify(text.slice(0, 10))} (${text.length} bytes)`, async () => {
            const kafka = new FakeKafka();
            const { result } = await run(kafka, fileOf(text));
            assert.deepEqual([result.missing, result.duplicated, result.changed], [0, 0, 0]);
            assert.equal(result.bytes, text.length);
            assertNothingLeft(kafka);
        });
    }

    const corruptions: Record<string, [Corruption, string, (numbers: readonly number[]) => boolean]> = {
        missing: [
            (records, _, batch) => (batch === 0 ? records.slice(1) : records),
            "missing",
            ([n]) => n === 0,
        ],
        duplicated: [
            (records, _, batch) => (batch === 0 ? [...records, ...records.slice(-1)] : records),
            "duplicated",
            (n) => n.length === 1,
        ],
        changed: [
            (records, _, batch) =>
                records.map((record, i) =>
                    batch === 0 && i === 2 ? { ...record, value: Buffer.from("?") } : record,
                ),
            "changed",
            ([n]) => n === 12,
        ],
        reordered: [
            (records, _, batch) => (batch === 0 ? records.toReversed() : records),
            "reordered",
            (n) => n.length === 10,
        ],
    };
    for (const [name, [corruption, kind, names]] of Object.entries(corruptions)) {
        it(`notices records that are ${name}, and names them`, async () => {
            const kafka = new FakeKafka(corruption);
            const { result } = await run(kafka, fileOf(lines(600)), { truncatedPatience: 50 });
            const counts = {
                missing: result.missing,
                duplicated: result.duplicated,
                changed: result.changed,
            };
            const found = { ...counts, reordered: result.reordered };
            assert.ok(found[kind as keyof typeof found] > 0, JSON.stringify(found));
            assert.ok(names(result.named[kind as keyof typeof found]), JSON.stringify(result.named));
            assertNothingLeft(kafka);
        });
    }

    /** A pipe with some lines in it, whose writer says no more. */
    function silentPipe(): InputFile {
        const waiting = fileOf(lines(10));
        return {
            ...waiting,
            isWaiting: () => true,
            async *chunks() {
                yield* waiting.chunks();
                await new Promise(() => undefined);
            },
        };
    }

    it("gives up when nothing more is written to a pipe, and leaves nothing behind", async () => {
        const kafka = new FakeKafka();
        await assert.rejects(run(kafka, silentPipe(), { timeout: 0.1 }), (error: unknown) => {
            assert.ok(error instanceof UnityError);
            assert.equal(error.code, 1);
            assert.match(error.message, /^No progress for 0.1 seconds: nothing was written to the pipe/);
            return true;
        });
        assertNothingLeft(kafka);
    });

    it("ends at once when it is stopped while a pipe is silent, and leaves nothing behind", async () => {
        const kafka = new FakeKafka();
        const controller = new AbortController();
        const reason = new Error("stopped");
        setTimeout(() => controller.abort(reason), 50);
        await assert.rejects(run(kafka, silentPipe(), { interrupted: controller.signal }), reason);
        assertNothingLeft(kafka);
    });

    it("gives up without progress, names the last error and leaves nothing behind", async () => {
        const kafka = new FakeKafka();
        kafka.stuck = true;
        await assert.rejects(run(kafka, fileOf(lines(10)), { timeout: 0.1 }), (error: unknown) => {
            assert.ok(error instanceof UnityError);
            assert.equal(error.code, 1);
            assert.match(error.message, /No progress for 0.1 seconds .*broker 1 is on fire/);
            return true;
        });
        assertNothingLeft(kafka);
    });

    it("leaves nothing behind when it is interrupted", async () => {
        const kafka = new FakeKafka();
        kafka.stuck = true;
        const stop = new AbortController();
        setTimeout(() => stop.abort(new Error("Ctrl-C")), 30);
        await assert.rejects(run(kafka, fileOf(lines(100_000)), { interrupted: stop.signal }), /Ctrl-C/);
        assertNothingLeft(kafka);
    });

    it("deletes what a killed run left behind, but nothing that is young or in use", async () => {
        const kafka = new FakeKafka();
        const young = `unity-file-${new Date().toISOString().replace(/[-:]|\.\d+/g, "")}-00000000`;
        const used = "unity-file-20250101T000000Z-00000001";
        const others = ["orders", "unity-file-notes", young, used];
        for (const name of [...others, "unity-file-20250101T000000Z-00000002"]) {
            kafka.topics.set(name, []);
        }
        kafka.activeGroups.add(used);
        await run(kafka, fileOf("x"));
        assert.deepEqual([...kafka.topics.keys()], others);
    });
});
