import { exitCode, UnityError } from "./errors.ts";

const CODES = {
    SIGHUP: exitCode.hangup,
    SIGINT: exitCode.interrupted,
    SIGTERM: exitCode.terminated,
} as const;

/**
 * Turns signals into an AbortSignal, so that the command can clean up: the first one asks for that, a second one
 * exits at once.
 */
export function abortOnSignals(): AbortSignal {
    const controller = new AbortController();
    for (const [name, code] of Object.entries(CODES)) {
        process.on(name, () => {
            if (controller.signal.aborted) {
                process.exit(code);
            }
            controller.abort(new UnityError(`Stopped by ${name}`, "", code));
        });
    }
    return controller.signal;
}
