/** Answers of Kafka that no repetition changes, by their type. */
const FINAL_TYPES = new Set([
    "CLUSTER_AUTHORIZATION_FAILED",
    "DUPLICATE_SEQUENCE_NUMBER",
    "GROUP_AUTHORIZATION_FAILED",
    "INVALID_CONFIG",
    "INVALID_PRODUCER_EPOCH",
    "INVALID_RECORD",
    "INVALID_TIMESTAMP",
    "INVALID_TOPIC_EXCEPTION",
    "MESSAGE_TOO_LARGE",
    "OUT_OF_ORDER_SEQUENCE_NUMBER",
    "POLICY_VIOLATION",
    "RECORD_LIST_TOO_LARGE",
    "TOPIC_AUTHORIZATION_FAILED",
    "UNKNOWN_PRODUCER_ID",
]);

/** Answers that pass by themselves although Kafka does not call them retriable: the controller changes, a move ends. */
const PASSING_TYPES = new Set([
    "BROKER_NOT_AVAILABLE",
    "REASSIGNMENT_IN_PROGRESS",
    "STALE_CONTROLLER_EPOCH",
    "UNKNOWN",
]);

/** Kafka's name for an error, wherever kafkajs has wrapped it. */
export function errorType(error: unknown): string | undefined {
    return answerOf(error)?.type;
}

/** Whether trying again is of no use: Kafka said no, or the program is wrong. */
export function isFinal(error: unknown): boolean {
    const isFault =
        error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
    return isFault || FINAL_TYPES.has(errorType(error) ?? "");
}

/** Whether Kafka has answered a change with a no that stays one: by its own flag of the error. */
export function isRefusal(error: unknown): boolean {
    const answer = answerOf(error);
    return answer?.retriable === false && !PASSING_TYPES.has(answer.type);
}

/** An error that Kafka has answered, which kafkajs may have wrapped. */
function answerOf(error: unknown): { readonly type: string; readonly retriable?: unknown } | undefined {
    for (let current = error, depth = 0; current instanceof Object && depth < 10; depth++) {
        const { type, retriable, cause, errors } = current as Record<string, unknown>;
        if (typeof type === "string") {
            return { type, retriable };
        }
        // One for each topic of a request, of which there is only one here.
        current = Array.isArray(errors) ? errors[0] : cause;
    }
    return undefined;
}
