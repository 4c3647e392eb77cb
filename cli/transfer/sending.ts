import { unlessAborted } from "../../common/abort.ts";
import type { RecordSender, RecordToSend } from "../../kafka/client/projectKafka.ts";
import { RecordDigest } from "./digest.ts";
import { LineSplitter } from "./lines.ts";
import { KEY_BYTES, partitionOf, writeKey } from "./numbering.ts";
import type { Expected } from "./partitionCheck.ts";

/** Size of a batch, in bytes: large enough for few round trips, small enough for every broker's limit of 1 MiB. */
const BATCH_BYTES = 256 * 1024;
/** kafkajs copies a batch's list of records once per record, so that long lists take more time than they save. */
const BATCH_RECORDS = 500;

/** The records on their way to one partition. */
interface Lane {
    batch: RecordToSend[];
    bytes: number;
    keys: Buffer;
    /** The batch before, until Kafka has it. */
    inFlight: Promise<void>;
    records: number;
    /** Offset after the last record that Kafka has. */
    end: number;
    readonly digest: RecordDigest;
}

export interface SendingHooks {
    /** Holds the file back while the reader has too much to catch up with. */
    readonly beforeBatch: (bytes: number) => Promise<void>;
    readonly onSent: (records: number, bytes: number) => void;
}

/** Sends the lines of a file to all partitions in turn, one batch per partition in flight. */
export class FileSending {
    /** Bytes of the file so far. */
    fileBytes = 0;
    /** Records so far. */
    records = 0;
    readonly #lanes: readonly Lane[];
    readonly #splitter = new LineSplitter();
    readonly #sender: RecordSender;
    readonly #hooks: SendingHooks;
    readonly #failure = new AbortController();
    readonly #signal: AbortSignal;

    constructor(sender: RecordSender, partitions: number, hooks: SendingHooks, signal: AbortSignal) {
        this.#sender = sender;
        this.#hooks = hooks;
        // The first batch that fails stops the file, wherever it is waiting.
        this.#signal = AbortSignal.any([signal, this.#failure.signal]);
        this.#lanes = Array.from({ length: partitions }, () => ({
            ...emptyBatch(),
            inFlight: Promise.resolve(),
            records: 0,
            end: 0,
            digest: new RecordDigest(),
        }));
    }

    get lines(): number {
        return this.#splitter.lines;
    }

    /** Sends everything; resolves when Kafka has it all. */
    async send(file: AsyncIterable<Buffer>): Promise<void> {
        // Not `for await`: it could not be left while a pipe is silent.
        const chunks = file[Symbol.asyncIterator]();
        for (let next = await this.#next(chunks); !next.done; next = await this.#next(chunks)) {
            this.fileBytes += next.value.length;
            await this.#addAll(this.#splitter.push(next.value));
        }
        await this.#addAll(this.#splitter.end());
        for (const partition of this.#lanes.keys()) {
            await this.#dispatch(partition);
        }
        await unlessAborted(Promise.all(this.#lanes.map(({ inFlight }) => inFlight)), this.#signal);
    }

    /** What each partition was sent, and its end as far as Kafka confirmed it. */
    expected(): readonly (Expected & { readonly end: number })[] {
        return this.#lanes.map(({ records, digest, end }) => ({ records, digest: digest.value(), end }));
    }

    #next(chunks: AsyncIterator<Buffer>): Promise<IteratorResult<Buffer>> {
        return unlessAborted(chunks.next(), this.#signal);
    }

    async #addAll(records: Iterable<Buffer>): Promise<void> {
        for (const value of records) {
            const number = this.records++;
            const partition = partitionOf(number, this.#lanes.length);
            const lane = this.#lane(partition);
            if (
                lane.batch.length === BATCH_RECORDS ||
                (lane.bytes > 0 && lane.bytes + value.length > BATCH_BYTES)
            ) {
                await this.#dispatch(partition);
            }
            const at = lane.batch.length * KEY_BYTES;
            lane.batch.push({ key: writeKey(lane.keys.subarray(at, at + KEY_BYTES), number, value), value });
            lane.bytes += value.length;
            lane.records++;
            lane.digest.add(value);
        }
    }

    async #dispatch(partition: number): Promise<void> {
        const lane = this.#lane(partition);
        await unlessAborted(lane.inFlight, this.#signal);
        const { batch, bytes } = lane;
        if (batch.length === 0) {
            return;
        }
        await unlessAborted(this.#hooks.beforeBatch(bytes), this.#signal);
        Object.assign(lane, emptyBatch());
        lane.inFlight = this.#sender.send(partition, batch, Date.now(), this.#signal).then(
            (offset) => {
                lane.end = Math.max(lane.end, offset + batch.length);
                this.#hooks.onSent(batch.length, bytes);
            },
            (error: unknown) => this.#failure.abort(error),
        );
    }

    #lane(partition: number): Lane {
        const lane = this.#lanes[partition];
        if (lane === undefined) {
            throw new RangeError(`no partition ${partition}`);
        }
        return lane;
    }
}

function emptyBatch(): Pick<Lane, "batch" | "bytes" | "keys"> {
    return { batch: [], bytes: 0, keys: Buffer.allocUnsafe(BATCH_RECORDS * KEY_BYTES) };
}
