/**
 * `npm run audit -- REPORT...`: fails where a report of npm audit, govulncheck or grype has a vulnerability that counts
 * and that exceptions.yaml does not name. Its tools ask databases on the internet, so they run in a workflow.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { type Finding, findingsIn } from "./reports.ts";

/** Severities that count. */
const COUNTING = ["called", "high", "critical"];

const exceptionsSchema = z.array(
    z.strictObject({ id: z.string().min(1), until: z.iso.date(), reason: z.string().min(1) }),
);
export type Exceptions = z.output<typeof exceptionsSchema>;

const EXCEPTIONS = join(import.meta.dirname, "exceptions.yaml");

/** @throws Error where one has no date or no reason */
export function readExceptions(path: string = EXCEPTIONS): Exceptions {
    return exceptionsSchema.parse(parse(readFileSync(path, "utf8"), { schema: "failsafe" }));
}

/**
 * The findings that count, a line each, and once each.
 * @param today ISO 8601 date
 */
export function audit(findings: readonly Finding[], exceptions: Exceptions, today: string): string[] {
    const isExcepted = ({ id, aliases }: Finding) =>
        exceptions.some(({ id: excepted, until }) => until > today && [id, ...aliases].includes(excepted));
    const counting = findings.filter(
        (finding) => COUNTING.includes(finding.severity) && !isExcepted(finding),
    );
    return [...new Set(counting.map(lineOf))].sort();
}

function lineOf({ id, severity, in: where, fixed }: Finding): string {
    return `${id} (${severity}) in ${where}${fixed === undefined ? "" : `, fixed in ${fixed}`}`;
}

function main(files: readonly string[]): void {
    if (files.length === 0) {
        console.error("Usage: npm run audit -- REPORT...");
        process.exitCode = 2;
        return;
    }
    const exceptions = readExceptions();
    const today = new Date().toISOString().slice(0, 10);
    for (const file of files) {
        try {
            const lines = audit(findingsIn(readFileSync(file, "utf8")), exceptions, today);
            console.log([`${file}: ${lines.length} vulnerabilities that count`, ...lines].join("\n  "));
            process.exitCode = lines.length > 0 ? 1 : process.exitCode;
        } catch (error) {
            console.error(`${file} ${(error as Error).message}`);
            process.exitCode = 1;
        }
    }
    if (process.exitCode === 1) {
        console.error(
            "Update what has them, or add an exception with a date and a reason to tests/audit/exceptions.yaml.",
        );
    }
}

if (import.meta.main) {
    main(process.argv.slice(2));
}
