import { setTimeout as sleep } from "node:timers/promises";
import { unlessAborted } from "../../common/abort.ts";
import { isFinal } from "./kafkaError.ts";

const PAUSE = 500;

/** Tries until it works: brokers come back. Ends when `signal` says stop, or trying again is of no use. */
export async function retryUntilAborted<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    while (true) {
        try {
            return await unlessAborted(task(), signal);
        } catch (error) {
            if (signal.aborted || isFinal(error)) {
                throw error;
            }
        }
        await sleep(PAUSE, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
}
