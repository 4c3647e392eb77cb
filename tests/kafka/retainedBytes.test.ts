import assert from "node:assert/strict";
import { bytesPerOffset } from "../../kafka/admin/retainedBytes.ts";

/** A batch of Kafka's log: as many bytes, and records with as many offsets. */
function batch(bytes: number, offsets: number): Buffer {
    const records = Buffer.alloc(bytes);
    records.writeInt32BE(bytes - 12, 8);
    records.writeInt32BE(offsets - 1, 23);
    return records;
}

describe("the bytes of an offset", () => {
    const cases: [title: string, records: Buffer, expected: number][] = [
        ["are those of all batches", Buffer.concat([batch(300, 2), batch(500, 6)]), 100],
        [
            "leave out a batch that was cut off",
            Buffer.concat([batch(300, 3), batch(900, 1).subarray(0, 200)]),
            100,
        ],
        [
            "are told by the length of a batch that was cut off, where there is no other",
            batch(900, 3).subarray(0, 40),
            300,
        ],
        ["are none where there is no batch", Buffer.alloc(0), 0],
        ["are none where there is only a piece of a header", batch(900, 3).subarray(0, 20), 0],
    ];
    for (const [title, records, expected] of cases) {
        it(title, () => assert.equal(bytesPerOffset(records), expected));
    }
});
