/** What pulumi did to a stack, or would do, by the log of its engine's events. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnityError } from "./errors.ts";
import { type Failure, failuresOf } from "./failures.ts";
import type { StateResource } from "./pendingOperations.ts";

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
    /** Why it failed, the Projects first. */
    readonly failures: readonly Failure[];
}

export interface Diagnostic {
    readonly severity: "info" | "warning" | "error" | "mandatory" | "advisory";
    readonly message: string;
    /** The resource it is about, if it is about one. */
    readonly urn?: string;
}

const SEVERITIES: readonly string[] = ["info", "warning", "error", "mandatory", "advisory"];

/** The parts of a line of the log that are read. */
export interface EngineEvent {
    readonly resourcePreEvent?: {
        readonly metadata: {
            readonly op: string;
            readonly urn: string;
            readonly old?: { readonly parent?: string } | null;
            readonly new?: { readonly parent?: string } | null;
        };
    };
    readonly diagnosticEvent?: {
        readonly urn?: string;
        readonly severity: string;
        readonly message: string;
    };
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

/** What came of a run of pulumi. */
export interface Outcome {
    readonly report: StackReport;
    /** Whether an `up` ended with its preview. */
    readonly onlyPreviewed: boolean;
    /** How pulumi ended, unless it succeeded. */
    readonly error?: UnityError;
}

/**
 * Runs pulumi with an event log.
 * @param run gets the arguments to add
 * @param known the resources in the state before
 * @throws whatever `run` throws but the failure of pulumi
 */
export async function withEventLog(
    stack: string,
    command: string,
    known: readonly StateResource[],
    run: (args: readonly string[]) => Promise<unknown>,
): Promise<Outcome> {
    const folder = mkdtempSync(join(tmpdir(), "unity-events-"));
    const file = join(folder, "events");
    try {
        const error = await run(["--event-log", file]).then(
            () => undefined,
            (thrown: unknown) => thrown,
        );
        if (error !== undefined && !(error instanceof UnityError)) {
            throw error;
        }
        const events = readEvents(existsSync(file) ? readFileSync(file, "utf8") : "");
        return {
            report: reportOf(stack, command, known, events),
            onlyPreviewed: !events.some(({ summaryEvent }) => summaryEvent?.isPreview === false),
            ...(error && { error }),
        };
    } finally {
        rmSync(folder, { recursive: true });
    }
}

/** @param log the events, a JSON document in each line */
function readEvents(log: string): EngineEvent[] {
    return log
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as EngineEvent);
}

function reportOf(
    stack: string,
    command: string,
    known: readonly StateResource[],
    events: readonly EngineEvent[],
): StackReport {
    let resources: { operation: string; urn: string }[] = [];
    let diagnostics: Diagnostic[] = [];
    let result = "failed";
    let seconds = 0;
    let changes: Record<string, number> = {};
    for (const event of events) {
        const { resourcePreEvent, summaryEvent } = event;
        diagnostics.push(...diagnosticsOf(event));
        // What a refresh reads is no change.
        if (resourcePreEvent && !["same", "refresh"].includes(resourcePreEvent.metadata.op)) {
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
    const failures = failuresOf(events, known);
    return { stack, command, result, seconds, changes, resources, diagnostics, failures };
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
