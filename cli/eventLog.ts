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
}

/** The parts of a line of the log that are read. */
interface EngineEvent {
    readonly resourcePreEvent?: { readonly metadata: { readonly op: string; readonly urn: string } };
    readonly summaryEvent?: {
        readonly isPreview: boolean;
        readonly result?: string;
        readonly durationSeconds: number;
        readonly resourceChanges?: Record<string, number>;
    };
}

/** Runs pulumi with an event log. @param run gets the arguments to add */
export async function withEventLog(
    stack: string,
    command: string,
    run: (args: readonly string[]) => Promise<unknown>,
    report: (found: StackReport) => void,
): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "unity-events-"));
    const file = join(folder, "events");
    try {
        await run(["--event-log", file]);
    } finally {
        // A failure is reported too.
        report(reportOf(stack, command, existsSync(file) ? readFileSync(file, "utf8") : ""));
        rmSync(folder, { recursive: true });
    }
}

/** @param log the events, a JSON document in each line */
function reportOf(stack: string, command: string, log: string): StackReport {
    let resources: { operation: string; urn: string }[] = [];
    let result = "failed";
    let seconds = 0;
    let changes: Record<string, number> = {};
    for (const line of log.split("\n").filter(Boolean)) {
        const { resourcePreEvent, summaryEvent } = JSON.parse(line) as EngineEvent;
        if (resourcePreEvent && resourcePreEvent.metadata.op !== "same") {
            const { op, urn } = resourcePreEvent.metadata;
            resources.push({ operation: op, urn });
        }
        if (summaryEvent?.isPreview && command !== "preview") {
            // An `up` previews first, and then begins again.
            resources = [];
        } else if (summaryEvent) {
            result = summaryEvent.result ?? "succeeded";
            seconds = summaryEvent.durationSeconds;
            changes = summaryEvent.resourceChanges ?? {};
        }
    }
    return { stack, command, result, seconds, changes, resources };
}
