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

/** Kafka's name for an error, wherever kafkajs has wrapped it. */
export function errorType(error: unknown): string | undefined {
    for (let current = error, depth = 0; current instanceof Object && depth < 10; depth++) {
        const { type, cause } = current as { type?: unknown; cause?: unknown };
        if (typeof type === "string") {
            return type;
        }
        current = cause;
    }
    return undefined;
}

/** Whether trying again is of no use: Kafka said no, or the program is wrong. */
export function isFinal(error: unknown): boolean {
    const isFault =
        error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
    return isFault || FINAL_TYPES.has(errorType(error) ?? "");
}
