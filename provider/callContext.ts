/** Where and how a call of the engine tells the user about its work. */
export interface CallContext {
    /** Shows a line at the resource while it is worked on, and among the diagnostics at the end. */
    info(message: string): void;
    warn(message: string): void;
    /** Aborts when the user ends the `up`. */
    readonly signal: AbortSignal;
}
