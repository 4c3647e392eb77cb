import { countOf, formatBytes } from "../../common/format.ts";
import type { ProjectRef } from "../../kafka/kubernetes/projects.ts";
import type { Differences } from "./partitionCheck.ts";
import type { TransferResult } from "./transfer.ts";

/** A finished transfer, and what it was about. */
export interface Report {
    readonly mode: Mode;
    readonly project: ProjectRef;
    readonly file: string;
    readonly topic: string;
    /** Whether the topic is gone again. */
    readonly deleted: boolean;
    readonly result: TransferResult;
}

export type Mode = "LOCAL" | "REMOTE";

const WORDS: Readonly<Record<keyof Differences, string>> = {
    missing: "missing",
    duplicated: "duplicated",
    changed: "changed",
    reordered: "out of order",
};

/** Whether every record arrived once, unchanged and in order. */
export function isVerified({ missing, duplicated, changed, reordered }: Differences): boolean {
    return missing + duplicated + changed + reordered === 0;
}

/** What is wrong, in words: "3 missing (17, 18, 19), 1 changed (4)". Records count from 0. */
export function differencesInWords(result: TransferResult): string {
    const kinds = Object.keys(WORDS) as (keyof Differences)[];
    return kinds
        .filter((kind) => result[kind] > 0)
        .map((kind) => {
            const numbers = result.named[kind].filter((number) => number >= 0).sort((a, b) => a - b);
            const more = numbers.length < result[kind] && numbers.length > 0 ? ", ..." : "";
            return `${result[kind]} ${WORDS[kind]}${numbers.length > 0 ? ` (${numbers.join(", ")}${more})` : ""}`;
        })
        .join(", ");
}

/** The summary for people. */
export function summary({ result, project, topic, deleted }: Report): string {
    const { records, bytes, latency } = result;
    const topicNow = deleted
        ? "topic deleted again"
        : `topic ${topic} could not be deleted, it empties itself`;
    const lines = [
        `${countOf(records, "record")}, ${formatBytes(bytes)} sent to and read back from Project "${project.project}" (${topicNow})`,
        isVerified(result)
            ? "every record arrived once and unchanged"
            : `NOT every record arrived once and unchanged: ${differencesInWords(result)}`,
        `rate ${formatBytes(bytesPerSecond(result))}/s there and back, send to read p50 ${Math.round(latency.p50)} ms, ` +
            `p99 ${Math.round(latency.p99)} ms`,
    ];
    return lines.map((line) => `  ${line}\n`).join("");
}

/** The summary for machines: one JSON document. */
export function jsonReport({ mode, project, file, topic, deleted, result }: Report): string {
    const { records, bytes, lines, seconds, latency, missing, duplicated, changed, reordered, named } =
        result;
    const document = {
        mode,
        namespace: project.namespace,
        project: project.project,
        file,
        topic,
        topicDeleted: deleted,
        records,
        bytes,
        lines,
        seconds: Number(seconds.toFixed(3)),
        bytesPerSecond: Math.round(bytesPerSecond(result)),
        latency,
        missing,
        duplicated,
        changed,
        reordered,
        firstNumbers: named,
        verified: isVerified(result),
    };
    return `${JSON.stringify(document, undefined, 2)}\n`;
}

function bytesPerSecond({ bytes, seconds }: TransferResult): number {
    return bytes / Math.max(seconds, 0.001);
}
