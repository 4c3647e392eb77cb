/**
 * `cluster` - Kubernetes or Kafka does not answer or denies access; `project` - there is no such Project;
 * `context` - there is no such kube context.
 */
export type ConnectionErrorKind = "cluster" | "project" | "context";

/** A Project cannot be reached, for a reason that the user can fix. */
export class ConnectionError extends Error {
    readonly kind: ConnectionErrorKind;
    /** What to do about it, a sentence without its full stop. */
    readonly hint: string;

    constructor(kind: ConnectionErrorKind, message: string, hint: string, cause?: unknown) {
        super(message, { cause });
        this.name = "ConnectionError";
        this.kind = kind;
        this.hint = hint;
    }
}

/** Kubernetes does not answer at the moment: waiting may help. */
export class UnansweredError extends ConnectionError {}

/** The innermost message of an error, on one line: "connect ECONNREFUSED 127.0.0.1:6443". */
export function reasonOf(error: unknown): string {
    let current = error;
    let reason = "unknown error";
    // Each wrapper (fetch, kafkajs) hides what happened one level down; ten levels break every cycle.
    for (let depth = 0; depth < 10 && current instanceof Object; depth++) {
        if (current instanceof AggregateError && current.errors.length > 0) {
            current = current.errors[0];
        }
        const { message, code, cause } = current as { message?: unknown; code?: unknown; cause?: unknown };
        if (typeof message === "string" && message !== "") {
            reason = message;
        } else if (typeof code === "string") {
            reason = code;
        }
        current = cause;
    }
    if (typeof error === "string") {
        reason = error;
    }
    return reason.replace(/\s+/g, " ").trim();
}
