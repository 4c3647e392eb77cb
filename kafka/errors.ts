import { TimeLimitError } from "./client/limits.ts";

/**
 * Who has to act: `cluster` - Kubernetes or Kafka does not answer or refuses; `project` - what was asked for is
 * no Project; `context` - the kube context that was named does not exist.
 */
export type ConnectionErrorKind = "cluster" | "project" | "context";

/** Something that went wrong on the way to a Project and that a person can put right. */
export class ConnectionError extends Error {
    readonly kind: ConnectionErrorKind;
    /** What to do about it, a sentence without its full stop. */
    readonly hint: string;

    constructor(kind: ConnectionErrorKind, what: string, advice: string, cause?: unknown) {
        super(what, { cause });
        this.name = "ConnectionProblem";
        this.kind = kind;
        this.hint = advice;
    }
}

/** The deepest words an error has for what happened, on one line: "connect ECONNREFUSED 127.0.0.1:6443". */
export function reasonOf(error: unknown): string {
    let current = error;
    let reason = "unknown error";
    // Each wrapper (fetch, kafkajs) hides what happened one level down; ten levels end every circle.
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

/**
 * Gives up waiting for an answer.
 * @param promise what is waited for; it is left to itself after the time limit
 * @param milliseconds the time limit
 * @throws TimeLimitError
 */
export async function withTimeLimit<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new TimeLimitError(milliseconds)), milliseconds);
    });
    try {
        return await Promise.race([promise, limit]);
    } finally {
        clearTimeout(timer);
    }
}
