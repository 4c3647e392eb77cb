import { exitCode, UnityError } from "./errors.ts";

const CODES = {
    SIGHUP: exitCode.hangup,
    SIGINT: exitCode.interrupted,
    SIGTERM: exitCode.terminated,
} as const;

const controller = new AbortController();
/** How many child processes have to end before this one does. */
let awaited = 0;

/**
 * Turns signals into an AbortSignal, so that the command can clean up: the first one asks for that, a second one
 * exits at once, unless a child process has to end first.
 */
export function abortOnSignals(): AbortSignal {
    for (const [name, code] of Object.entries(CODES)) {
        process.on(name, () => {
            if (controller.signal.aborted) {
                if (awaited === 0) {
                    process.exit(code);
                }
                return;
            }
            controller.abort(new UnityError(`Stopped by ${name}`, "", code));
        });
    }
    return controller.signal;
}

/**
 * Waits for a child process whatever signals come.
 * @throws UnityError when one came: nothing is to be begun after it
 */
export async function untilEnded<T>(child: Promise<T>): Promise<T> {
    awaited++;
    try {
        return await child;
    } finally {
        awaited--;
        controller.signal.throwIfAborted();
    }
}
