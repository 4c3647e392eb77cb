/** What npm audit, govulncheck and grype report, as one list. */
import { z } from "zod";

/** A known vulnerability in something that this program uses. */
export interface Finding {
    readonly id: string;
    /** Other ids of the same vulnerability. */
    readonly aliases: readonly string[];
    /** Its severity; `called` where govulncheck, which rates none, sees that it is reached. */
    readonly severity: string;
    /** What has it, with its version. */
    readonly in: string;
    /** Version without it; undefined where there is none, or it is not said. */
    readonly fixed?: string;
}

const npmReport = z.object({
    auditReportVersion: z.literal(2),
    vulnerabilities: z.record(
        z.string(),
        z.object({
            via: z.array(
                z.union([
                    // It only requires another one, which is listed too.
                    z.string(),
                    z.object({ name: z.string(), url: z.string(), severity: z.string(), range: z.string() }),
                ]),
            ),
        }),
    ),
});

const grypeReport = z.object({
    descriptor: z.object({ name: z.literal("grype") }),
    matches: z.array(
        z.object({
            vulnerability: z.object({
                id: z.string(),
                severity: z.string(),
                fix: z.object({ versions: z.array(z.string()) }).optional(),
            }),
            relatedVulnerabilities: z.array(z.object({ id: z.string() })).nullish(),
            artifact: z.object({ name: z.string(), version: z.string() }),
        }),
    ),
});

/** One of the messages that govulncheck writes one after the other; the first is its own configuration. */
const goMessage = z.object({
    config: z.object({ scanner_name: z.literal("govulncheck") }).optional(),
    osv: z.object({ id: z.string(), aliases: z.array(z.string()).optional() }).optional(),
    finding: z
        .object({
            osv: z.string(),
            fixed_version: z.string().optional(),
            trace: z.array(
                z.object({
                    module: z.string(),
                    version: z.string().optional(),
                    function: z.string().optional(),
                }),
            ),
        })
        .optional(),
});

/**
 * Reads a report, whose tool shows from its content.
 * @throws Error where it is of none of them, such as one that could not ask its database
 */
export function findingsIn(report: string): Finding[] {
    const documents = jsonDocuments(report);
    const npm = npmReport.safeParse(documents[0]);
    if (npm.success) {
        return npmFindings(npm.data);
    }
    const grype = grypeReport.safeParse(documents[0]);
    if (grype.success) {
        return grypeFindings(grype.data);
    }
    const go = z.array(goMessage).safeParse(documents);
    if (go.success && go.data[0]?.config) {
        return goFindings(go.data);
    }
    throw new Error("is no report of npm audit, govulncheck or grype as JSON");
}

/** JSON documents one after the other, the closing brace of each at the beginning of a line. */
function jsonDocuments(text: string): unknown[] {
    try {
        return text
            .split(/(?<=^\})\s*(?=\{)/m)
            .filter((part) => part.trim() !== "")
            .map((part) => JSON.parse(part) as unknown);
    } catch {
        return [];
    }
}

function npmFindings({ vulnerabilities }: z.output<typeof npmReport>): Finding[] {
    return Object.values(vulnerabilities)
        .flatMap(({ via }) => via)
        .filter((cause) => typeof cause !== "string")
        .map(({ name, url, severity, range }) => ({
            id: url.split("/").at(-1)!,
            aliases: [],
            severity,
            in: `${name} ${range}`,
        }));
}

function grypeFindings({ matches }: z.output<typeof grypeReport>): Finding[] {
    return matches.map(({ vulnerability, relatedVulnerabilities, artifact }) => {
        const fixed = vulnerability.fix?.versions[0];
        return {
            id: vulnerability.id,
            aliases: (relatedVulnerabilities ?? []).map(({ id }) => id),
            severity: vulnerability.severity.toLowerCase(),
            in: `${artifact.name} ${artifact.version}`,
            ...(fixed !== undefined && { fixed }),
        };
    });
}

function goFindings(messages: readonly z.output<typeof goMessage>[]): Finding[] {
    const aliases = new Map(
        messages.flatMap(({ osv }) => (osv ? [[osv.id, osv.aliases ?? []] as const] : [])),
    );
    const findings = new Map<string, Finding>();
    for (const { finding } of messages) {
        const [place] = finding?.trace ?? [];
        // What is only required or imported cannot do harm.
        if (finding && place?.function !== undefined) {
            findings.set(`${finding.osv} ${place.module}`, {
                id: finding.osv,
                aliases: aliases.get(finding.osv) ?? [],
                severity: "called",
                in: `${place.module} ${place.version ?? ""}`.trim(),
                ...(finding.fixed_version !== undefined && { fixed: finding.fixed_version }),
            });
        }
    }
    return [...findings.values()];
}
