import { countOf, firstOf, formatBytes } from "../../../common/format.ts";
import type { CallContext } from "../../callContext.ts";
import type { ReassignmentInputs } from "../../resources/partitionReassignment.ts";
import type { Move } from "./survey.ts";

/** Longest that nothing may move, in milliseconds. */
const PATIENCE = 30 * 60_000;
/** How often the user is told, in milliseconds. */
const TOLD_EVERY = 30_000;

/** How far a reassignment has come: tells the user, and ends one that does not go on. */
export class ReassignmentProgress {
    readonly #inputs: ReassignmentInputs;
    readonly #info: CallContext["info"];
    readonly #now: () => number;
    readonly #begun: number;
    /** Partitions that were to move. */
    #all = 0;
    /** The least that was left of what moves now, since when, and when the user was last told. */
    #left: { readonly partitions: number; readonly bytes: number } | undefined;
    #since = 0;
    #told: number;

    /** @param now milliseconds since the beginning of the `up`. Default: since that of the provider. */
    constructor(
        inputs: ReassignmentInputs,
        { info }: CallContext,
        now: () => number = () => performance.now(),
    ) {
        this.#inputs = inputs;
        this.#info = (message) => info(`${inputs.project}/kafka: ${message}`);
        this.#now = now;
        this.#begun = now();
        this.#told = this.#begun;
    }

    /** Takes note of what is to move. */
    begins(moves: readonly Move[], why: string): void {
        this.#all += moves.length;
        const replicas = moves.reduce((sum, { to }) => sum + to.length, 0);
        const bytes = moves.reduce((sum, move) => sum + move.to.length * move.bytes, 0);
        this.#info(
            `moves ${countOf(replicas, "replica")} of ${countOf(moves.length, "partition")} (${formatBytes(bytes)}, at most ${formatBytes(this.#inputs.throttle)}/s for each broker): ${why}`,
        );
    }

    /** Whether the user is to be told how many bytes are left. */
    get isDue(): boolean {
        return this.#now() - this.#told >= TOLD_EVERY;
    }

    /**
     * Takes note of how far it is.
     *
     * @param moving what has begun and not ended
     * @param waiting partitions that have not begun
     * @param bytes what is left of it; undefined where that was not asked
     * @throws Error when nothing has moved, or the `up` has lasted, for too long
     */
    observe(moving: readonly Move[], waiting: number, bytes?: number): void {
        const now = this.#now();
        const { timeout } = this.#inputs;
        if (now >= timeout * 60_000) {
            throw new Error(
                `the up takes ${timeout} min already. What moves goes on by itself; run up again: it goes on from here`,
            );
        }
        const last = this.#left;
        const left = { partitions: moving.length, bytes: bytes ?? last?.bytes ?? Number.POSITIVE_INFINITY };
        if (last === undefined || left.partitions < last.partitions || left.bytes < last.bytes) {
            this.#left = left;
            this.#since = now;
        } else if (now - this.#since >= PATIENCE) {
            const names = firstOf(moving.map(({ topic, partition }) => `${topic}-${partition}`));
            throw new Error(
                `for ${PATIENCE / 60_000} min none of ${countOf(moving.length, "partition")} has moved any further (${names}). Check that all brokers are up, raise kafka.reassignment.throttle above what producers write, and run up again`,
            );
        }
        if (bytes !== undefined) {
            this.#told = now;
            const done = this.#all - moving.length - waiting;
            const next = countOf(moving.length, "partition");
            this.#info(
                `${done} of ${countOf(this.#all, "partition")} reassigned, ${formatBytes(bytes)} of the next ${next} left`,
            );
        }
    }

    /** Takes note that others are to move next. */
    next(): void {
        this.#left = undefined;
    }

    /** @param what what is so now */
    ends(what: string): void {
        this.#info(`${what}, after ${Math.round((this.#now() - this.#begun) / 1000)} s`);
    }
}
