import assert from "node:assert/strict";
import { LineSplitter } from "../../cli/transfer/lines.ts";

function split(chunks: readonly Buffer[], maxBytes?: number): { records: string[]; lines: number } {
    const splitter = new LineSplitter(maxBytes);
    const records: string[] = [];
    for (const chunk of chunks) {
        records.push(...[...splitter.push(chunk)].map((record) => record.toString("latin1")));
    }
    records.push(...[...splitter.end()].map((record) => record.toString("latin1")));
    return { records, lines: splitter.lines };
}

const cases: Record<string, [string, string[]]> = {
    "lines with a final newline": ["a\nbc\n", ["a", "bc"]],
    "a last line without newline": ["a\nbc", ["a", "bc"]],
    "empty lines": ["\n\na\n\n", ["", "", "a", ""]],
    "carriage returns, which belong to the line": ["a\r\nb\r\n", ["a\r", "b\r"]],
    "one newline": ["\n", [""]],
    nothing: ["", []],
};

describe("LineSplitter", () => {
    for (const [name, [text, expected]] of Object.entries(cases)) {
        it(`knows ${name}, wherever the chunks end`, () => {
            const bytes = Buffer.from(text);
            for (let size = 1; size <= bytes.length + 1; size++) {
                const chunks: Buffer[] = [];
                for (let at = 0; at < bytes.length; at += size) {
                    chunks.push(bytes.subarray(at, at + size));
                }
                assert.deepEqual(
                    split(chunks),
                    { records: expected, lines: expected.length },
                    `chunks of ${size}`,
                );
            }
        });
    }

    it("keeps every byte of characters that a chunk cuts", () => {
        const bytes = Buffer.from("größe\n€uro\n🚀");
        const chunks = [...bytes].map((byte) => Buffer.of(byte));
        const records = split(chunks).records.map((record) => Buffer.from(record, "latin1").toString());
        assert.deepEqual(records, ["größe", "€uro", "🚀"]);
    });

    it("makes several records of a line that is too long, one of a line that just fits", () => {
        for (let size = 1; size <= 12; size++) {
            const bytes = Buffer.from("abcd\nabcdefghij\nx");
            const chunks: Buffer[] = [];
            for (let at = 0; at < bytes.length; at += size) {
                chunks.push(bytes.subarray(at, at + size));
            }
            const expected = { records: ["abcd", "abcd", "efgh", "ij", "x"], lines: 3 };
            assert.deepEqual(split(chunks, 4), expected, `chunks of ${size}`);
        }
    });

    it("holds one record at most, however long the line", () => {
        const splitter = new LineSplitter(1000);
        const chunk = Buffer.alloc(64 * 1024, "x");
        const before = process.memoryUsage().arrayBuffers;
        let records = 0;
        for (let i = 0; i < 2_000; i++) {
            for (const record of splitter.push(chunk)) {
                assert.equal(record.length, 1000);
                records++;
            }
        }
        assert.equal(records, Math.floor((2_000 * chunk.length - 1) / 1000));
        assert.ok(process.memoryUsage().arrayBuffers - before < 64 * 1024 * 1024, "128 MB went through");
        assert.equal(splitter.lines, 1);
    });
});
