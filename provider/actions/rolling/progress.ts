import type { CallContext } from "../../callContext.ts";
import type { RollingUpdateInputs } from "../../resources/rollingUpdate.ts";
import type { Step } from "./decide.ts";

/** Whose progress it is, and the minutes that all of it may take. */
type Of = Pick<RollingUpdateInputs, "project" | "statefulSet" | "timeout">;
type Restart = Step & { readonly kind: "restart" };

/** Longest that a rolling update may wait for one and the same thing, in milliseconds: brokers replicate for long. */
const PATIENCE = 30 * 60_000;
/** How often a wait is told of, in milliseconds. */
const TOLD_EVERY = 30_000;

/** How far a rolling update has come: tells the user, and ends one that does not go on. */
export class Progress {
    readonly #inputs: Of;
    readonly #context: CallContext;
    readonly #now: () => number;
    readonly #begun: number;
    /** What was observed last, since when, and when the user was last told. */
    #last: string | undefined;
    #since = 0;
    #told = 0;
    #restarted: string[] = [];
    #restartedAt = 0;
    readonly #durations: number[] = [];

    /** @param now milliseconds of any clock */
    constructor(inputs: Of, context: CallContext, now: () => number = () => performance.now()) {
        this.#inputs = inputs;
        this.#context = context;
        this.#now = now;
        this.#begun = now();
    }

    /**
     * Takes note of what comes next.
     *
     * @returns whether a restart is due: what leads to it has been so for long enough
     * @throws Error when the same thing, or all of it, was waited for too long
     */
    observe(step: Exclude<Step, { readonly kind: "done" }>): boolean {
        const now = this.#now();
        const subject =
            step.kind === "wait"
                ? (step.subject ?? step.reason)
                : step.servers.map(({ name }) => name).join();
        if (subject !== this.#last) {
            this.#last = subject;
            this.#since = now;
            this.#told = now;
            if (step.kind === "wait" && step.patience !== undefined) {
                this.#info(step.reason);
            }
        }
        const waited = now - this.#since;
        if (step.kind === "restart") {
            this.#ready();
            return waited >= step.settled;
        }
        if (waited >= (step.patience ?? PATIENCE)) {
            throw new Error(
                `${step.reason} (for ${Math.round(waited / 1000)} s). Fix the cause and run up again; no pod needs to be deleted by hand`,
            );
        }
        if (now - this.#begun >= this.#inputs.timeout * 60_000) {
            throw new Error(
                `it has taken ${this.#inputs.timeout} min, and still ${step.reason}. Run up again: it goes on from here`,
            );
        }
        if (now - this.#told >= TOLD_EVERY) {
            this.#told = now;
            this.#info(`waiting for ${Math.round(waited / 1000)} s: ${step.reason}`);
        }
        return false;
    }

    /** Takes note that servers are being restarted. */
    restarting({ servers, why, unavailable }: Restart): void {
        const names = servers.map(({ name }) => name);
        this.#restarted = names;
        this.#restartedAt = this.#now();
        this.#last = undefined;
        this.#info(`restarts ${names.join(", ")}: ${why}`);
        if (unavailable !== undefined) {
            this.#context.warn(`${names.join(", ")} of Project ${this.#inputs.project}: ${unavailable}`);
        }
    }

    /** Takes note that all servers are updated and Ready. Returns seconds per server; undefined where none restarted. */
    end(): number | undefined {
        this.#ready();
        const { length } = this.#durations;
        if (length === 0) {
            return undefined;
        }
        const sum = this.#durations.reduce((all, one) => all + one, 0);
        return Math.round(sum / length);
    }

    /** Those that were restarted are Ready. */
    #ready(): void {
        if (this.#restarted.length > 0) {
            const seconds = (this.#now() - this.#restartedAt) / 1000;
            this.#durations.push(...this.#restarted.map(() => seconds));
            this.#info(`${this.#restarted.join(", ")} Ready after ${Math.round(seconds)} s`);
            this.#restarted = [];
        }
    }

    #info(message: string): void {
        this.#context.info(`${this.#inputs.project}/${this.#inputs.statefulSet}: ${message}`);
    }
}
