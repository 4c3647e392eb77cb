/** Waiting for a promise, with an end to it. */

/** Waits for a promise, but not longer than until `signal` says stop; then throws the signal's reason. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    let stop: (() => void) | undefined;
    const stopped = new Promise<never>((_, reject) => {
        stop = () => reject(signal.reason as Error);
        signal.addEventListener("abort", stop, { once: true });
    });
    try {
        return await Promise.race([promise, stopped]);
    } finally {
        if (stop !== undefined) {
            signal.removeEventListener("abort", stop);
        }
    }
}

/** Something took longer than its limit; what it still does has no effect. */
export class TimeLimitError extends Error {
    constructor(milliseconds: number) {
        super(`no answer within ${milliseconds / 1000} s`);
        this.name = "TimeLimitError";
    }
}

/**
 * Gives up waiting for an answer.
 * @param promise what is waited for; it is left to itself after the time limit
 * @param milliseconds the time limit
 * @throws TimeLimitError
 */
export async function withTimeLimit<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new TimeLimitError(milliseconds)), milliseconds);
    });
    try {
        return await Promise.race([promise, limit]);
    } finally {
        clearTimeout(timer);
    }
}

/** Says stop when nothing has moved for a while. */
export class Watchdog {
    readonly #controller = new AbortController();
    readonly #milliseconds: number;
    readonly #makeReason: () => Error;
    #timer: NodeJS.Timeout;
    #movedAt = performance.now();

    /**
     * @param milliseconds longest time without progress
     * @param makeReason creates the error with which `signal` then aborts
     */
    constructor(milliseconds: number, makeReason: () => Error) {
        this.#milliseconds = milliseconds;
        this.#makeReason = makeReason;
        this.#timer = setTimeout(() => this.#check(), milliseconds);
    }

    get signal(): AbortSignal {
        return this.#controller.signal;
    }

    /** Reports progress. Cheap enough for every record. */
    moved(): void {
        this.#movedAt = performance.now();
    }

    stop(): void {
        clearTimeout(this.#timer);
    }

    #check(): void {
        const left = this.#movedAt + this.#milliseconds - performance.now();
        if (left <= 0) {
            this.#controller.abort(this.#makeReason());
        } else {
            this.#timer = setTimeout(() => this.#check(), left);
        }
    }
}
