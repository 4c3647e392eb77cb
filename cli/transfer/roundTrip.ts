import { Watchdog } from "../../common/abort.ts";
import type { ProjectKafka } from "../../kafka/client/projectKafka.ts";
import { retryUntilAborted } from "../../kafka/client/retry.ts";
import { remove, sweep, temporaryTopic } from "../../kafka/client/temporaryTopic.ts";
import { withTimeLimit } from "../../kafka/errors.ts";
import { exitCode, UnityError } from "../errors.ts";
import { countOf } from "../format.ts";
import type { InputFile } from "./inputFile.ts";
import { startProgress } from "./progress.ts";
import { type TransferResult, transfer } from "./transfer.ts";

const SWEEP_TIME_LIMIT = 10_000;
const CLOSING_TIME_LIMIT = 5_000;

export interface RoundTripOptions {
    /** Closed at the end. */
    readonly kafka: ProjectKafka;
    /** Where it is, for messages. */
    readonly namespace: string;
    readonly file: InputFile;
    /** Name of the topic to make and to delete again. */
    readonly topic: string;
    /** How long nothing may move, in seconds. */
    readonly timeout: number;
    readonly interrupted: AbortSignal;
    /** See `TransferOptions`. */
    readonly truncatedPatience?: number;
}

/**
 * Makes a topic, sends a file through it and deletes it again, whatever happens.
 * @returns what came back, and whether the topic is gone
 * @throws UnityError when nothing moves; the reason of `interrupted`; ConnectionProblem when the way is barred
 */
export async function roundTrip(
    options: RoundTripOptions,
): Promise<{ readonly result: TransferResult; readonly removed: boolean }> {
    const { kafka, namespace, file, topic, timeout, interrupted } = options;
    const watchdog = new Watchdog(timeout * 1000, () => {
        const trouble = kafka.lastError();
        const what = `Nothing has moved for ${countOf(timeout, "second")}${trouble ? ` (last trouble: ${trouble})` : ""}`;
        const nextStep = `Look at the pods in namespace ${namespace}, or wait longer with --timeout`;
        return new UnityError(what, nextStep, exitCode.failed);
    });
    const signal = AbortSignal.any([interrupted, kafka.accessDenied, watchdog.signal]);
    const progress = startProgress(file.size);
    let begun = false;
    let removed = true;
    let result: TransferResult;
    try {
        const brokers = await retryUntilAborted(() => kafka.countBrokers(), signal);
        // Others' leftovers are no reason to keep this file waiting, let alone to fail.
        await withTimeLimit(sweep(kafka), SWEEP_TIME_LIMIT).catch(() => undefined);
        begun = true;
        const wanted = temporaryTopic(topic, brokers);
        await retryUntilAborted(async () => {
            // Counted anew each time: a broker that has just gone is still listed for a while.
            const { replicationFactor, settings } = temporaryTopic(topic, await kafka.countBrokers());
            await kafka.createTopic({ ...wanted, replicationFactor, settings });
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
            removed = await remove(kafka, topic);
        }
        await withTimeLimit(kafka.close(), CLOSING_TIME_LIMIT).catch(() => undefined);
    }
    return { result, removed };
}
