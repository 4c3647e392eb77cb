import { setTimeout as sleep } from "node:timers/promises";
import { unlessAborted, withTimeLimit } from "../../common/abort.ts";
import { isFinal } from "./kafkaError.ts";

const PAUSE = 500;
/** Longest that one try may take, in milliseconds: well above the limits of the calls that it is made of. */
const TRY_LIMIT = 60_000;

/**
 * Tries until it works: brokers come back. Ends when `signal` says stop, or trying again is of no use. A try that
 * does not end is left to itself after its limit, so that it must do no harm beside the next one.
 *
 * @param isUseless whether trying again is of no use after such an error; default: `isFinal`
 */
export async function retryUntilAborted<T>(
    task: () => Promise<T>,
    signal: AbortSignal,
    isUseless = isFinal,
): Promise<T> {
    while (true) {
        try {
            return await unlessAborted(withTimeLimit(task(), TRY_LIMIT), signal);
        } catch (error) {
            if (signal.aborted || isUseless(error)) {
                throw error;
            }
        }
        await sleep(PAUSE, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
}
