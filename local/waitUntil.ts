import { setTimeout as sleep } from "node:timers/promises";

/**
 * Checks a condition again and again until it is met. What the condition throws ends the wait.
 *
 * @param timeout how long to wait, in milliseconds; a check that has begun is still finished
 * @param interval pause between two checks, in milliseconds
 * @returns false when the condition was not met in time
 */
export async function waitUntil(
    condition: () => boolean | Promise<boolean>,
    timeout: number,
    interval: number,
): Promise<boolean> {
    const deadline = Date.now() + timeout;
    while (!(await condition())) {
        if (Date.now() > deadline) {
            return false;
        }
        await sleep(interval);
    }
    return true;
}
