import { ConnectionError, reasonOf } from "../kafka/errors.ts";

/** Exit codes of `unity`, documented in its help. */
export const exitCode = {
    ok: 0,
    /** Could not be done: no cluster, no Kafka, no progress. */
    failed: 1,
    /** Wrong usage: options, file, namespace. */
    usage: 2,
    /** Done, and something is wrong: records that differ, a Project that is unhealthy. */
    unhealthy: 10,
    hangup: 129,
    interrupted: 130,
    terminated: 143,
} as const;

/** Ends the program with one line and an exit code. */
export class UnityError extends Error {
    /** What to do about it, a sentence without its full stop; empty where there is nothing to do. */
    readonly hint: string;
    readonly code: number;

    constructor(message: string, hint: string, code: number, cause?: unknown) {
        super(message, { cause });
        this.name = "UnityError";
        this.hint = hint;
        this.code = code;
    }
}

/** Turns whatever was thrown into what to say and how to exit. */
export function asUnityError(error: unknown): UnityError {
    if (error instanceof UnityError) {
        return error;
    }
    if (error instanceof ConnectionError) {
        const isUsage = ["namespace", "project", "context"].includes(error.kind);
        const code = isUsage ? exitCode.usage : exitCode.failed;
        return new UnityError(error.message, error.hint, code, error);
    }
    const hint = "Run it again with --debug to see where this comes from";
    return new UnityError(`Unexpected error: ${reasonOf(error)}`, hint, exitCode.failed, error);
}

/** The one line: "unity: <what is wrong>. <hint>.", without a hint where there is none. */
export function errorLine({ message, hint }: UnityError): string {
    const sentence = (text: string): string => `${text.replace(/\s+/g, " ").trim().replace(/\.$/, "")}.`;
    return `unity: ${sentence(message)}${hint === "" ? "" : ` ${sentence(hint)}`}`;
}
