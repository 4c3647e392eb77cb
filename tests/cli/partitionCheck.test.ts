import assert from "node:assert/strict";
import { RecordDigest } from "../../cli/transfer/digest.ts";
import { KEY_BYTES, writeKey } from "../../cli/transfer/numbering.ts";
import { type Differences, PartitionCheck } from "../../cli/transfer/partitionCheck.ts";
import type { ReadRecord } from "../../kafka/client/projectKafka.ts";

const PARTITION = 1;
const PARTITIONS = 3;
const NONE: Differences = { missing: 0, duplicated: 0, changed: 0, reordered: 0 };

const numberOf = (index: number): number => PARTITION + index * PARTITIONS;

function record(index: number, text = `record ${index}`): ReadRecord {
    const value = Buffer.from(text);
    return { offset: 0, timestamp: 0, key: writeKey(Buffer.alloc(KEY_BYTES), numberOf(index), value), value };
}

/** Sends records 0 to 9 of partition 1 and lets `received` come out. */
function check(received: readonly ReadRecord[]): { differences: Differences; notes: string[] } {
    const digest = new RecordDigest();
    for (let index = 0; index < 10; index++) {
        digest.add(Buffer.from(`record ${index}`));
    }
    const notes: string[] = [];
    const partition = new PartitionCheck(PARTITION, PARTITIONS, (kind, number) =>
        notes.push(`${kind} ${number}`),
    );
    for (const each of received) {
        partition.add(each);
    }
    return { differences: partition.differences({ records: 10, digest: digest.value() }), notes };
}

const all = Array.from({ length: 10 }, (_, index) => record(index));
const without = (...indexes: number[]): ReadRecord[] => all.filter((_, index) => !indexes.includes(index));

describe("PartitionCheck", () => {
    it("finds nothing wrong where nothing is", () => {
        assert.deepEqual(check(all), { differences: NONE, notes: [] });
    });

    const cases: Record<string, [ReadRecord[], Partial<Differences>, string[]]> = {
        "missing in the middle": [
            without(4, 5, 7),
            { missing: 3 },
            ["missing 13", "missing 16", "missing 22"],
        ],
        "missing at the beginning": [without(0), { missing: 1 }, ["missing 1"]],
        "missing at the end": [without(8, 9), { missing: 2 }, ["missing 25", "missing 28"]],
        "missing altogether": [[], { missing: 10 }, all.map((_, index) => `missing ${numberOf(index)}`)],
        "there twice": [[...all, record(2), record(9)], { duplicated: 2 }, ["duplicated 7", "duplicated 28"]],
        "replayed in between": [
            [...all.slice(0, 5), ...all.slice(3)],
            { duplicated: 2 },
            ["duplicated 10", "duplicated 13"],
        ],
        changed: [
            [...all.slice(0, 9), { ...record(9), value: Buffer.from("x") }],
            { changed: 1 },
            ["changed 28"],
        ],
        emptied: [
            [{ ...record(0), value: null }, ...all.slice(1)],
            { changed: 1, missing: 1 },
            ["changed 1", "missing 1"],
        ],
        "not ours": [[...all, { ...record(0), key: null }], { changed: 1 }, ["changed -1"]],
        "of another partition": [
            [...all, { ...record(0), key: writeKey(Buffer.alloc(KEY_BYTES), 2, Buffer.from("record 0")) }],
            { changed: 1 },
            ["changed 2"],
        ],
        "out of order": [
            [...all.slice(0, 3), record(4), record(3), ...all.slice(5)],
            { reordered: 1 },
            ["reordered 10"],
        ],
    };
    for (const [name, [received, expected, notes]] of Object.entries(cases)) {
        it(`counts and names records that are ${name}`, () => {
            assert.deepEqual(check(received), { differences: { ...NONE, ...expected }, notes });
        });
    }

    it("takes a late record out of the missing ones, and counts it as twice when it comes again", () => {
        const { differences } = check([...without(3, 4, 5), record(4), record(4)]);
        assert.deepEqual(differences, { missing: 2, duplicated: 1, changed: 0, reordered: 1 });
    });

    it("lets the digest have the last word", () => {
        // Number and checksum fit each other, but this is not what was sent.
        const { differences } = check([...all.slice(0, 9), record(9, "another value with its own checksum")]);
        assert.deepEqual(differences, { ...NONE, changed: 1 });
    });

    it("counts more gaps than it remembers", () => {
        const partition = new PartitionCheck(0, 1);
        for (let number = 0; number < 6_000; number += 2) {
            const value = Buffer.from("v");
            partition.add({
                offset: 0,
                timestamp: 0,
                key: writeKey(Buffer.alloc(KEY_BYTES), number, value),
                value,
            });
        }
        assert.equal(partition.differences({ records: 6_000, digest: "" }).missing, 3_000);
    });
});

describe("writeKey", () => {
    it("numbers beyond 2^32", () => {
        const key = writeKey(Buffer.alloc(KEY_BYTES), 2 ** 40 + 7, Buffer.from("v"));
        assert.equal(key.readBigUInt64BE(0), 2n ** 40n + 7n);
    });
});

describe("RecordDigest", () => {
    const digestOf = (...records: string[]): string => {
        const digest = new RecordDigest();
        for (const each of records) {
            digest.add(Buffer.from(each));
        }
        return digest.value();
    };

    it("tells where one record ends and the next begins", () => {
        assert.notEqual(digestOf("ab", "c"), digestOf("a", "bc"));
        assert.notEqual(digestOf("a"), digestOf("a", ""));
        assert.equal(digestOf("ab", "c"), digestOf("ab", "c"));
    });

    it("is the same for records of every size around its buffer's", () => {
        for (const size of [65_531, 65_532, 65_533, 65_536, 200_000]) {
            const big = "x".repeat(size);
            assert.equal(digestOf("a", big, "b"), digestOf("a", big, "b"));
            assert.notEqual(digestOf("a", big, "b"), digestOf("a", `${big}x`, "b"));
        }
    });
});
