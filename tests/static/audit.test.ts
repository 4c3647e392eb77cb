import assert from "node:assert/strict";
import { audit, type Exceptions, readExceptions } from "../audit/audit.ts";
import { findingsIn } from "../audit/reports.ts";

const TODAY = "2026-11-29";

const npm = (severity: string) =>
    JSON.stringify({
        auditReportVersion: 2,
        vulnerabilities: {
            parent: { name: "parent", severity, via: ["child"] },
            child: {
                name: "child",
                severity,
                via: [
                    {
                        source: 1,
                        name: "child",
                        title: "it breaks",
                        url: "https://github.com/advisories/GHSA-aaaa-bbbb-cccc",
                        severity,
                        range: "<2.0.0",
                    },
                ],
            },
        },
    });

const grype = (severity: string) =>
    JSON.stringify({
        matches: [
            {
                vulnerability: {
                    id: "GHSA-1111-2222-3333",
                    severity,
                    fix: { versions: ["3.8.7"], state: "fixed" },
                },
                relatedVulnerabilities: [{ id: "CVE-2026-1" }],
                artifact: { name: "zookeeper", version: "3.8.4" },
            },
            {
                vulnerability: { id: "CVE-2026-2", severity, fix: { versions: [], state: "not-fixed" } },
                artifact: { name: "glibc", version: "2.34" },
            },
        ],
        descriptor: { name: "grype", version: "0.121.3" },
    });

/** What govulncheck writes, a document after the other: of a vulnerability that is required, imported, called twice. */
const go = [
    { config: { protocol_version: "v1.0.0", scanner_name: "govulncheck" } },
    { progress: { message: "Checking {the code}..." } },
    { osv: { id: "GO-2026-0001", aliases: ["CVE-2026-3"] } },
    { osv: { id: "GO-2026-0002" } },
    ...[{}, { package: "a/color" }, { function: "New" }, { function: "Write" }].map((place) => ({
        finding: {
            osv: "GO-2026-0001",
            fixed_version: "v9.0.0",
            trace: [{ module: "a/color", version: "v0.1.14", ...place }],
        },
    })),
    { finding: { osv: "GO-2026-0002", trace: [{ module: "a/tty", version: "v1.0.0", package: "a/tty" }] } },
]
    .map((message) => JSON.stringify(message, undefined, 2))
    .join("\n");

const lines = (report: string, exceptions: Exceptions = []) => audit(findingsIn(report), exceptions, TODAY);

describe("the audit of known vulnerabilities", () => {
    it("names what npm audit rates high or critical, once, and where it is", () => {
        const line = (severity: string) => `GHSA-aaaa-bbbb-cccc (${severity}) in child <2.0.0`;
        assert.deepEqual(lines(npm("high")), [line("high")]);
        assert.deepEqual(lines(npm("critical")), [line("critical")]);
        assert.deepEqual(lines(npm("moderate")), []);
        assert.deepEqual(lines('{ "auditReportVersion": 2, "vulnerabilities": {} }'), []);
    });

    it("names what grype finds in an image, with the version that is without it", () => {
        assert.deepEqual(lines(grype("High")), [
            "CVE-2026-2 (high) in glibc 2.34",
            "GHSA-1111-2222-3333 (high) in zookeeper 3.8.4, fixed in 3.8.7",
        ]);
        assert.deepEqual(lines(grype("Medium")), []);
    });

    it("names what govulncheck sees to be called, and not what is only imported", () => {
        assert.deepEqual(lines(go), ["GO-2026-0001 (called) in a/color v0.1.14, fixed in v9.0.0"]);
    });

    it("accepts an exception by any of its ids until its day", () => {
        const exception = (id: string, until: string) => [{ id, until, reason: "not reachable" }];
        assert.deepEqual(lines(go, exception("GO-2026-0001", "2026-11-30")), []);
        assert.deepEqual(lines(go, exception("CVE-2026-3", "2026-11-30")), []);
        assert.equal(lines(go, exception("CVE-2026-3", TODAY)).length, 1);
        assert.equal(lines(go, exception("CVE-2026-4", "2026-11-30")).length, 1);
    });

    it("fails for what is no report, such as an error of a database that does not answer", () => {
        const none = { message: "is no report of npm audit, govulncheck or grype as JSON" };
        for (const text of [
            "",
            "{}",
            '{ "message": "405 Method Not Allowed", "statusCode": 405 }',
            "<html>",
            go.slice(40),
        ]) {
            assert.throws(() => findingsIn(text), none, text);
        }
    });

    it("has exceptions with a date and a reason each", () => {
        assert(Array.isArray(readExceptions()));
    });
});
