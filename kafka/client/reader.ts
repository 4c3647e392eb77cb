import { withTimeLimit } from "../../common/abort.ts";
import { CLIENT_LIMITS } from "../limits.ts";
import type { ReadOptions, ReadRecord, TopicReader } from "./projectKafka.ts";

/** A kafkajs Consumer, as far as it is used. */
export interface GroupConsumer {
    connect(): Promise<void>;
    subscribe(subscription: { topics: string[]; fromBeginning: boolean }): Promise<void>;
    run(config: {
        autoCommit: boolean;
        eachBatch: (payload: { batch: FetchedBatch }) => Promise<void>;
    }): Promise<void>;
    seek(position: { topic: string; partition: number; offset: string }): void;
    onJoined(listener: () => void): void;
    /** `final`: it will not start again by itself. */
    onCrash(listener: (final: boolean) => void): void;
    disconnect(): Promise<void>;
}

export interface FetchedBatch {
    readonly partition: number;
    readonly messages: readonly {
        readonly offset: string;
        readonly timestamp: string;
        readonly key: Buffer | null;
        readonly value: Buffer | null;
    }[];
}

const RESTART_PAUSE = 1_000;
/** How often to ask again for offsets that were left out before believing that they are gone. */
const GAP_RETRIES = 3;

/**
 * Reads a topic through a consumer group, because kafkajs can read in no other way, but keeps the offsets itself
 * and commits none: after each rebalance and restart it continues where it was. Committed offsets would let a
 * rebalance start again from the beginning, or, committed early, skip.
 */
export class PositionedReader implements TopicReader {
    readonly #newConsumer: () => GroupConsumer;
    readonly #options: ReadOptions;
    readonly #callLimit: number;
    /** Next offset by partition. */
    readonly #nextOffsets = new Map<number, number>();
    readonly #gapRetries = new Map<number, number>();
    #consumer: GroupConsumer | undefined;
    #restart: NodeJS.Timeout | undefined;
    #starting: Promise<void> | undefined;
    #closed = false;

    constructor(newConsumer: () => GroupConsumer, options: ReadOptions, callLimit = CLIENT_LIMITS.call) {
        this.#newConsumer = newConsumer;
        this.#options = options;
        this.#callLimit = callLimit;
    }

    /** Resolves when the group has given us our partitions for the first time. */
    async open(): Promise<void> {
        const { signal } = this.#options;
        signal.throwIfAborted();
        await new Promise<void>((resolve, reject) => {
            signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
            this.#start(resolve);
        });
    }

    #start(onJoined: () => void): void {
        const consumer = this.#newConsumer();
        this.#consumer = consumer;
        consumer.onJoined(() => {
            for (const [partition, position] of this.#nextOffsets) {
                consumer.seek({ topic: this.#options.topic, partition, offset: `${position}` });
            }
            onJoined();
        });
        consumer.onCrash((final) => {
            if (final) {
                this.#startAgain(consumer, onJoined);
            }
        });
        const started = withTimeLimit(this.#run(consumer), this.#callLimit);
        this.#starting = started.catch(() => this.#startAgain(consumer, onJoined));
    }

    async #run(consumer: GroupConsumer): Promise<void> {
        await consumer.connect();
        await consumer.subscribe({ topics: [this.#options.topic], fromBeginning: true });
        await consumer.run({
            autoCommit: false,
            eachBatch: async ({ batch }) => this.#take(consumer, batch),
        });
    }

    /** kafkajs gives up for good on errors that it does not know to pass, such as a coordinator that has just gone. */
    #startAgain(crashed: GroupConsumer, onJoined: () => void): void {
        if (this.#closed || crashed !== this.#consumer) {
            return;
        }
        this.#consumer = undefined;
        this.#restart = setTimeout(() => {
            // Its membership must be over, else the group waits for it until its session times out.
            void withTimeLimit(crashed.disconnect(), this.#callLimit)
                .catch(() => undefined)
                .then(() => {
                    if (!this.#closed) {
                        this.#start(onJoined);
                    }
                });
        }, RESTART_PAUSE);
    }

    #take(consumer: GroupConsumer, batch: FetchedBatch): void {
        const { partition } = batch;
        if (this.#closed || consumer !== this.#consumer) {
            return;
        }
        const position = this.#nextOffsets.get(partition) ?? 0;
        const fresh: ReadRecord[] = [];
        for (const { offset, timestamp, key, value } of batch.messages) {
            const at = Number(offset);
            if (at >= position) {
                fresh.push({ offset: at, timestamp: Number(timestamp), key, value });
            }
        }
        const [first] = fresh;
        const last = fresh.at(-1);
        if (first === undefined || last === undefined) {
            return;
        }
        const retries = this.#gapRetries.get(partition) ?? 0;
        if (first.offset > position && retries < GAP_RETRIES) {
            // Offsets have no holes in a topic without transactions and compaction: ask again before reporting a loss.
            this.#gapRetries.set(partition, retries + 1);
            consumer.seek({ topic: this.#options.topic, partition, offset: `${position}` });
            return;
        }
        this.#gapRetries.delete(partition);
        this.#nextOffsets.set(partition, last.offset + 1);
        this.#options.onRecords(partition, fresh);
    }

    async close(): Promise<void> {
        this.#closed = true;
        clearTimeout(this.#restart);
        const consumer = this.#consumer;
        await this.#starting;
        await consumer?.disconnect();
    }
}
