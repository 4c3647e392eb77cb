/** Waits for a promise until `signal` aborts, and then throws the signal's reason. */
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

/** Aborts its signal when there has been no progress for a while. */
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
