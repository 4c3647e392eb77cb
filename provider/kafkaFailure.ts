import type { CallContext } from "./callContext.ts";
import type { InKafka, KafkaApi } from "./kafkaConnection.ts";
import type { InNamespace } from "./resources/inputs.ts";

/**
 * `noNamespace` - there is no such namespace; `unavailable` - Kafka does not answer, or a part of it is missing;
 * `refused` - access is denied, or Kafka does not accept the change.
 */
export type KafkaFailureKind = "noNamespace" | "unavailable" | "refused";

/** Why something could not be done in a Project's Kafka, in one line that ends in a hint. */
export class KafkaFailure extends Error {
    readonly kind: KafkaFailureKind;

    constructor(kind: KafkaFailureKind, message: string) {
        super(message);
        this.name = "KafkaFailure";
        this.kind = kind;
    }
}

/** Longest that a refresh waits for a Kafka, in milliseconds: a broken one must not keep `up --refresh` from fixing it. */
const REFRESH_LIMIT = 10_000;

/**
 * Reads a resource in a Project's Kafka. Where there is no namespace there is no resource. Where Kafka does not answer,
 * the resource stays as the state has it, with a warning.
 *
 * @param what what is read, for messages: "topic orders"
 */
export async function readInKafka<State extends InNamespace>(
    inKafka: InKafka,
    state: State,
    what: string,
    { warn }: CallContext,
    read: (admin: KafkaApi) => Promise<State | undefined>,
): Promise<State | undefined> {
    try {
        return await inKafka(state, `read ${what}`, read, REFRESH_LIMIT);
    } catch (error) {
        if (error instanceof KafkaFailure && error.kind === "noNamespace") {
            return undefined;
        }
        if (error instanceof KafkaFailure && error.kind === "unavailable") {
            warn(`the state of ${what} is left as it is: ${error.message}`);
            return state;
        }
        throw error;
    }
}

/** Deletes something in a Project's Kafka. Where there is no namespace, nothing is left to delete. */
export async function deleteInKafka(
    inKafka: InKafka,
    of: InNamespace,
    what: string,
    change: (admin: KafkaApi) => Promise<void>,
): Promise<void> {
    try {
        await inKafka(of, `delete ${what}`, change);
    } catch (error) {
        if (!(error instanceof KafkaFailure && error.kind === "noNamespace")) {
            throw error;
        }
    }
}
