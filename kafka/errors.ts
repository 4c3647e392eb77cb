/**
 * `cluster` - Kubernetes or Kafka does not answer or denies access; `kafka` - the Project has no Kafka, or not all that
 * it takes to use it; `namespace` - there is no such namespace; `project` - there is no such Project; `context` - there
 * is no such kube context.
 */
export type ConnectionErrorKind = "cluster" | "kafka" | "namespace" | "project" | "context";

/** A Project cannot be reached, for a reason that the user can fix. */
export class ConnectionError extends Error {
    readonly kind: ConnectionErrorKind;
    /** What to do about it, a sentence without its full stop. */
    readonly hint: string;
    /** Whether it may work a moment later, as when nothing answers. */
    readonly retriable: boolean;

    constructor(
        kind: ConnectionErrorKind,
        message: string,
        hint: string,
        { cause, retriable = false }: { readonly cause?: unknown; readonly retriable?: boolean } = {},
    ) {
        super(message, { cause });
        this.name = "ConnectionError";
        this.kind = kind;
        this.hint = hint;
        this.retriable = retriable;
    }
}

/** The innermost message of an error, on one line: "connect ECONNREFUSED 127.0.0.1:6443". */
export function reasonOf(error: unknown): string {
    let current = error;
    let reason = "unknown error";
    // Each wrapper (fetch, kafkajs) hides what happened one level down; ten levels break every cycle.
    for (let depth = 0; depth < 10 && current instanceof Object; depth++) {
        const { errors } = current as { errors?: unknown };
        // Node's AggregateError, and that of kafkajs.
        if (Array.isArray(errors) && errors[0] instanceof Object) {
            current = errors[0] as object;
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

/** An error as one line, which ends in what to do about it where that is known. */
export function lineOf(error: unknown): string {
    return error instanceof ConnectionError ? `${error.message}. ${error.hint}` : reasonOf(error);
}
