import assert from "node:assert/strict";
import { canDraw } from "../../cli/transfer/progress.ts";
import { jsonReport, type Report, summary } from "../../cli/transfer/report.ts";
import { formatBytes } from "../../common/format.ts";

const report: Report = {
    mode: "REMOTE",
    project: { namespace: "unity-demo", project: "demo", brokers: 3, clientNamespaces: [] },
    file: "f.csv",
    topic: "unity-file-x",
    deleted: true,
    result: {
        records: 26_115,
        lines: 26_115,
        bytes: 2_100_000,
        seconds: 0.5,
        latency: { p50: 8, p99: 35 },
        missing: 0,
        duplicated: 0,
        changed: 0,
        reordered: 0,
        named: { missing: [], duplicated: [], changed: [], reordered: [] },
    },
};

describe("the report of a transfer", () => {
    it("is three lines for people", () => {
        assert.equal(
            summary(report),
            '  26115 records, 2.1 MB sent to and read back from Project "demo" (topic deleted again)\n' +
                "  every record arrived once and unchanged\n" +
                "  rate 4.2 MB/s there and back, send to read p50 8 ms, p99 35 ms\n",
        );
    });

    it("says what is wrong", () => {
        const named = { missing: [17, 4], duplicated: [], changed: [9], reordered: [] };
        const result = { ...report.result, missing: 5, changed: 1, named };
        const wrong = { ...report, deleted: false, result };
        assert.match(summary(wrong), /NOT every record .*: 5 missing \(4, 17, \.\.\.\), 1 changed \(9\)\n/);
        assert.match(summary(wrong), /topic unity-file-x could not be deleted/);
        assert.equal((JSON.parse(jsonReport(wrong)) as { verified: boolean }).verified, false);
    });

    it("is one JSON document for machines", () => {
        assert.deepEqual(JSON.parse(jsonReport(report)), {
            mode: "REMOTE",
            namespace: "unity-demo",
            project: "demo",
            file: "f.csv",
            topic: "unity-file-x",
            topicDeleted: true,
            records: 26_115,
            bytes: 2_100_000,
            lines: 26_115,
            seconds: 0.5,
            bytesPerSecond: 4_200_000,
            latency: { p50: 8, p99: 35 },
            missing: 0,
            duplicated: 0,
            changed: 0,
            reordered: 0,
            firstNumbers: { missing: [], duplicated: [], changed: [], reordered: [] },
            verified: true,
        });
    });

    it("has bytes in units that people read", () => {
        assert.deepEqual([0, 999, 1_000, 999_499, 999_500, 2_294_215, 1e12].map(formatBytes), [
            "0 B",
            "999 B",
            "1.0 kB",
            "999 kB",
            "1.0 MB",
            "2.3 MB",
            "1.0 TB",
        ]);
    });

    it("has a progress bar on a terminal only", () => {
        assert.equal(canDraw({ isTTY: true }, {}), true);
        assert.equal(canDraw({}, {}), false);
        assert.equal(canDraw({ isTTY: true }, { CI: "true" }), false);
        assert.equal(canDraw({ isTTY: true }, { TERM: "dumb" }), false);
    });
});
