/** What pulumi did to a stack, or would do, by the log of its engine's events. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface StackReport {
    readonly stack: string;
    /** `up`, `preview` or `destroy`. */
    readonly command: string;
    /** `failed` where pulumi came to no summary. */
    readonly result: string;
    readonly seconds: number;
    /** Resources by what happens to them, such as `create` and `same`. */
    readonly changes: Readonly<Record<string, number>>;
    /** Those that do not stay the same. */
    readonly resources: readonly { readonly operation: string; readonly urn: string }[];
    /** What people are told, and the violations of policies: `mandatory` ones stop, `advisory` ones do not. */
    readonly diagnostics: readonly Diagnostic[];
}

export interface Diagnostic {
    readonly severity: "info" | "warning" | "error" | "mandatory" | "advisory";
    readonly message: string;
    /** The resource it is about, if it is about one. */
    readonly urn?: string;
}

const SEVERITIES: readonly string[] = ["info", "warning", "error", "mandatory", "advisory"];

/** The parts of a line of the log that are read. */
interface EngineEvent {
    readonly resourcePreEvent?: { readonly metadata: { readonly op: string; readonly urn: string } };
    readonly diagnosticEvent?: { readonly severity: string; readonly message: string; readonly urn?: string };
    readonly policyEvent?: {
        readonly enforcementLevel: string;
        readonly message: string;
        readonly resourceUrn?: string;
    };
    readonly summaryEvent?: {
        readonly isPreview: boolean;
        readonly result?: string;
        readonly durationSeconds: number;
        readonly resourceChanges?: Record<string, number>;
    };
}

/** Without it pulumi knows no --event-log, which its Automation API is made of. */
const EVENT_LOG_ENV = { PULUMI_DEBUG_COMMANDS: "true" };

/** Runs pulumi with an event log. @param run gets the arguments and the variables to add */
export async function withEventLog(
    stack: string,
    command: string,
    run: (args: readonly string[], env: Readonly<Record<string, string>>) => Promise<unknown>,
    report: (found: StackReport) => void,
): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "unity-events-"));
    const file = join(folder, "events");
    try {
        await run(["--event-log", file], EVENT_LOG_ENV);
    } finally {
        // A failure is reported too.
        report(reportOf(stack, command, existsSync(file) ? readFileSync(file, "utf8") : ""));
        rmSync(folder, { recursive: true });
    }
}

/** @param log the events, a JSON document in each line */
function reportOf(stack: string, command: string, log: string): StackReport {
    let resources: { operation: string; urn: string }[] = [];
    let diagnostics: Diagnostic[] = [];
    let result = "failed";
    let seconds = 0;
    let changes: Record<string, number> = {};
    for (const line of log.split("\n").filter(Boolean)) {
        const event = JSON.parse(line) as EngineEvent;
        const { resourcePreEvent, summaryEvent } = event;
        diagnostics.push(...diagnosticsOf(event));
        if (resourcePreEvent && resourcePreEvent.metadata.op !== "same") {
            const { op, urn } = resourcePreEvent.metadata;
            resources.push({ operation: op, urn });
        }
        if (summaryEvent?.isPreview && command !== "preview") {
            // An `up` previews first, and then begins again.
            resources = [];
            diagnostics = [];
        } else if (summaryEvent) {
            result = summaryEvent.result ?? "succeeded";
            seconds = summaryEvent.durationSeconds;
            changes = summaryEvent.resourceChanges ?? {};
        }
    }
    return { stack, command, result, seconds, changes, resources, diagnostics };
}

function diagnosticsOf({ diagnosticEvent, policyEvent }: EngineEvent): Diagnostic[] {
    const told = [
        ...(diagnosticEvent ? [diagnosticEvent] : []),
        ...(policyEvent
            ? [{ ...policyEvent, severity: policyEvent.enforcementLevel, urn: policyEvent.resourceUrn }]
            : []),
    ];
    return told
        .filter(({ severity }) => SEVERITIES.includes(severity))
        .map(({ severity, message, urn }) => ({
            severity: severity as Diagnostic["severity"],
            message: withoutColors(message),
            ...(urn && { urn }),
        }));
}

/** Pulumi marks colours as `<{%reset%}>`, and terminals by escape sequences. */
function withoutColors(message: string): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is removed
    return message.replaceAll(/<\{%[^%]*%\}>|\u001b\[[0-9;]*m/g, "").trim();
}
