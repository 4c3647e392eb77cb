import { Watchdog, withTimeLimit } from "../../common/abort.ts";
import { countOf } from "../../common/format.ts";
import type { ProjectKafka } from "../../kafka/client/projectKafka.ts";
import { retryUntilAborted } from "../../kafka/client/retry.ts";
import { deleteLeftovers, deleteTemporaryTopic, temporaryTopic } from "../../kafka/client/temporaryTopic.ts";
import { exitCode, UnityError } from "../errors.ts";
import type { InputFile } from "./inputFile.ts";
import { startProgress } from "./progress.ts";
import { type TransferResult, transfer } from "./transfer.ts";

const LEFTOVERS_TIME_LIMIT = 10_000;
const CLOSING_TIME_LIMIT = 5_000;

export interface RoundTripOptions {
    /** Closed at the end. */
    readonly kafka: ProjectKafka;
    /** Where it is, for messages. */
    readonly namespace: string;
    readonly file: InputFile;
    /** Name of the topic to create and to delete again. */
    readonly topic: string;
    /** How long there may be no progress, in seconds. */
    readonly timeout: number;
    readonly interrupted: AbortSignal;
    /** See `TransferOptions`. */
    readonly truncatedPatience?: number;
}

function inBrackets(lastError: string | undefined): string {
    return lastError === undefined ? "" : ` (last error: ${lastError})`;
}

/** The end of waiting for a pipe. */
export function silentInput(timeout: number, lastError?: string): UnityError {
    const message = `No progress for ${countOf(timeout, "second")}: nothing was written to the pipe${inBrackets(lastError)}`;
    return new UnityError(message, "Check what writes to it, or wait longer with --timeout", exitCode.failed);
}

/**
 * Creates a topic, sends a file through it and deletes it again, whatever happens.
 * @returns what came back, and whether the topic is gone
 * @throws UnityError when there is no progress; the reason of `interrupted`; ConnectionError when access is denied
 */
export async function roundTrip(
    options: RoundTripOptions,
): Promise<{ readonly result: TransferResult; readonly deleted: boolean }> {
    const { kafka, namespace, file, topic, timeout, interrupted } = options;
    const watchdog = new Watchdog(timeout * 1000, () => {
        const lastError = kafka.lastError();
        if (file.isWaiting()) {
            return silentInput(timeout, lastError);
        }
        const message = `No progress for ${countOf(timeout, "second")}${inBrackets(lastError)}`;
        const hint = `Check the pods in namespace ${namespace}, or wait longer with --timeout`;
        return new UnityError(message, hint, exitCode.failed);
    });
    const signal = AbortSignal.any([interrupted, kafka.accessDenied, watchdog.signal]);
    const progress = startProgress(file.size);
    let begun = false;
    let deleted = true;
    let result: TransferResult;
    try {
        const brokers = await retryUntilAborted(() => kafka.admin.countBrokers(), signal);
        // Others' leftovers are no reason to keep this file waiting, let alone to fail.
        await withTimeLimit(deleteLeftovers(kafka.admin), LEFTOVERS_TIME_LIMIT).catch(() => undefined);
        begun = true;
        const wanted = temporaryTopic(topic, brokers);
        await retryUntilAborted(async () => {
            // Counted each time: a broker that has just gone is still listed for a while.
            const { replicationFactor, config } = temporaryTopic(topic, await kafka.admin.countBrokers());
            await kafka.admin.createTopic({ ...wanted, replicationFactor, config });
        }, signal);
        watchdog.moved();
        result = await transfer({
            kafka,
            topic,
            partitions: wanted.partitions,
            file: file.chunks(),
            signal,
            truncatedPatience: options.truncatedPatience,
            onSent: () => watchdog.moved(),
            onRead: (bytes) => {
                watchdog.moved();
                progress.update(bytes);
            },
        });
    } finally {
        watchdog.stop();
        progress.stop();
        if (begun) {
            deleted = await deleteTemporaryTopic(kafka.admin, topic);
        }
        await withTimeLimit(kafka.close(), CLOSING_TIME_LIMIT).catch(() => undefined);
    }
    return { result, deleted };
}
