/** What a preview of an environment would do, for the pull request that it is of: Markdown. */
import type { Diagnostic, StackReport } from "./eventLog.ts";

/** GitHub refuses a comment of more than 65536 characters. */
const LONGEST = 60_000;

/** What Kubernetes restarts, pod by pod, when one of them changes. */
const RESTARTS = /^kubernetes:apps\/v1:(StatefulSet|Deployment|DaemonSet)$/;
/** Waits for restarted servers, and tells in a preview what restarts and about how long that takes. */
const ROLLING_UPDATE = /^unity:kubernetes:RollingUpdate$/;
/** Tell in a preview which data move when the number of brokers changes. */
const REASSIGNMENT = /^unity:kafka:(BrokerDecommission|PartitionReassignment)$/;

/** Operations that are shown; a replacement has steps of its own besides. */
const SHOWN: readonly string[] = ["create", "update", "delete", "replace", "read", "import"];

export interface PreviewComment {
    /** The environment. */
    readonly stack: string;
    readonly stacks: readonly StackReport[];
    /** What `unity` said besides: stacks that are kept or would be removed, and its error. */
    readonly messages: readonly string[];
    /** Plan and comparison, or undefined where there is none. */
    readonly plan?: string | undefined;
}

/** The comment. It begins with whether the preview succeeded, and is cut where it is too long for GitHub. */
export function previewComment({ stack, stacks, messages, plan }: PreviewComment): string {
    const failed = stacks.filter(({ result }) => result !== "succeeded").map((report) => report.stack);
    const count = stacks.reduce((all, { resources }) => all + resources.filter(isShown).length, 0);
    const outcome =
        failed.length > 0 || stacks.length === 0
            ? `failed${failed.length > 0 ? `: ${failed.map((name) => `\`${name}\``).join(", ")}` : ""}`
            : count === 0
              ? "no changes"
              : `${count} ${count === 1 ? "change" : "changes"}`;
    const parts = [
        `### Preview of \`${stack}\`: ${outcome}`,
        ...messages.map((message) => (message.includes("\n") ? code(message) : `> ${message}`)),
        ...stacks.map(diagnosticsText),
        restartsText(stacks),
        section("Partitions that move", told(stacks, REASSIGNMENT)),
        plan === undefined ? "" : folded("Nodes, Projects and cost, before and after", code(plan)),
        // Last, as this is what may be too long.
        ...stacks.map(changesText),
    ].filter((part) => part !== "");
    return cut(parts.join("\n\n"));
}

/** Type and name in a URN: `urn:pulumi:STACK::PROGRAM::PARENT$TYPE::NAME`. */
function partsOf(urn: string): { readonly type: string; readonly name: string } {
    const [, , types = "", name = ""] = urn.split("::");
    return { type: types.split("$").at(-1)!, name };
}

const isShown = ({ operation }: { readonly operation: string }) => SHOWN.includes(operation);

function diagnosticsText({ stack, diagnostics }: StackReport): string {
    const shown = diagnostics.filter(({ severity, message }) => severity !== "info" && message !== "");
    const lines = shown.map(({ severity, message, urn }) => {
        const about = urn === undefined ? "" : ` ${partsOf(urn).name}:`;
        return `- **${severity}**${about} ${message.split("\n").join("<br>")}`;
    });
    return lines.length === 0 ? "" : [`**Diagnostics** of \`${stack}\``, "", ...new Set(lines)].join("\n");
}

/** The sets of pods that restart, and what the program says of how long that takes. */
function restartsText(stacks: readonly StackReport[]): string {
    const sets = stacks.flatMap(({ resources }) =>
        resources
            .filter(({ operation }) => operation === "update" || operation === "replace")
            .map(({ urn }) => partsOf(urn))
            .filter(({ type }) => RESTARTS.test(type))
            .map(
                ({ type, name }) =>
                    `- ${type.split(":").at(-1)} \`${name}\` changes: its pods restart one at a time`,
            ),
    );
    return section("Restarts", [...told(stacks, ROLLING_UPDATE), ...sets]);
}

/** What resources of these types say of what they will do. */
function told(stacks: readonly StackReport[], types: RegExp): string[] {
    const isTold = ({ severity, urn }: Diagnostic) =>
        severity === "info" && urn !== undefined && types.test(partsOf(urn).type);
    return stacks.flatMap(({ diagnostics }) =>
        diagnostics.filter(isTold).map(({ message }) => `- ${message.split("\n").join("<br>")}`),
    );
}

function section(title: string, lines: readonly string[]): string {
    return lines.length === 0 ? "" : [`**${title}**`, "", ...lines].join("\n");
}

function changesText({ stack, resources }: StackReport): string {
    const shown = resources.filter(isShown);
    if (shown.length === 0) {
        return "";
    }
    const rows = shown.map(({ operation, urn }) => {
        const { type, name } = partsOf(urn);
        return `| ${operation} | ${type} | ${name} |`;
    });
    const counts = Object.entries(Object.groupBy(shown, ({ operation }) => operation))
        .map(([operation, all]) => `${all!.length} to ${operation}`)
        .join(", ");
    return folded(
        `\`${stack}\`: ${counts}`,
        ["| | type | name |", "| --- | --- | --- |", ...rows].join("\n"),
    );
}

function folded(summary: string, text: string): string {
    const title = summary.replaceAll(/`([^`]*)`/g, "<code>$1</code>");
    return `<details><summary>${title}</summary>\n\n${text}\n\n</details>`;
}

/** A block of code that no text in it can end. */
function code(text: string): string {
    const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
    const fence = "`".repeat(longest + 1);
    return `${fence}\n${text.trimEnd()}\n${fence}`;
}

function cut(text: string): string {
    if (text.length <= LONGEST) {
        return text;
    }
    const kept = text.slice(0, text.lastIndexOf("\n", LONGEST));
    return `${kept}\n\nThe rest is too long for a comment: see the log of the preview.`;
}
