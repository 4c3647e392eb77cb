import { createHistogram } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { unlessAborted, withTimeLimit } from "../../common/abort.ts";
import type { ProjectKafka, ReadRecord } from "../../kafka/client/projectKafka.ts";
import { type Differences, PartitionCheck } from "./partitionCheck.ts";
import { FileSending } from "./sending.ts";

/** How far the sender may be ahead of the reader, in bytes: more would fill the brokers' disks with unread data. */
const MAX_LEAD_BYTES = 64 * 1024 * 1024;
/** How often to check whether Kafka has more than it confirmed, in milliseconds. */
const END_CHECK_PAUSE = 500;
/** How often to check whether the reader is done, in milliseconds. */
const READ_CHECK_PAUSE = 5;
/** Longest wait for reader and sender to close, in milliseconds. */
const CLOSING_TIME_LIMIT = 5_000;
const TRUNCATED_PATIENCE = 15_000;
/** Record numbers named per kind of difference. */
const NAMED = 10;

/** What a transfer showed. */
export interface TransferResult extends Differences {
    readonly records: number;
    readonly lines: number;
    /** Bytes of the file, newlines included. */
    readonly bytes: number;
    /** From the first byte sent until the last record was read back. */
    readonly seconds: number;
    /** From handing a record to Kafka until it was read back, in milliseconds; 1 at least. */
    readonly latency: { readonly p50: number; readonly p99: number };
    /** The first record numbers that are wrong, from 0, by kind. */
    readonly named: Readonly<Record<keyof Differences, readonly number[]>>;
}

export interface TransferOptions {
    readonly kafka: ProjectKafka;
    /** Exists already; also the name of the consumer group. */
    readonly topic: string;
    readonly partitions: number;
    readonly file: AsyncIterable<Buffer>;
    readonly signal: AbortSignal;
    /**
     * How long the reader may stand at the end of a log that is shorter than confirmed, in milliseconds, before what
     * lies beyond counts as missing; default 15 s.
     */
    readonly truncatedPatience?: number | undefined;
    /** Told when Kafka has taken records. */
    readonly onSent: () => void;
    /** Told when records have come back: how many bytes of the file have by now. */
    readonly onRead: (bytes: number) => void;
}

/**
 * Sends a file through a topic and compares what comes back.
 * @throws whatever stops it; records that are missing or wrong are a result, not an error
 */
export async function transfer(options: TransferOptions): Promise<TransferResult> {
    const { kafka, topic, partitions, file, signal } = options;
    const reading = new Reading(partitions, options.onRead);
    const onRecords = (partition: number, records: readonly ReadRecord[]): void =>
        reading.take(partition, records);
    // Reading begins first, so that the time to send and read is Kafka's and not that of joining a group.
    const reader = await kafka.openReader({ topic, group: topic, onRecords, signal });
    const sender = await kafka.openSender(topic);
    try {
        const hooks = { beforeBatch: (bytes: number) => reading.roomFor(bytes), onSent: options.onSent };
        const sending = new FileSending(sender, partitions, hooks, signal);
        const started = performance.now();
        await sending.send(file);
        const sent = performance.now();
        const expected = sending.expected();
        const ends = expected.map(({ end }) => end);
        await untilAllIsRead(options, reading, ends);
        return {
            ...reading.compare(expected),
            records: sending.records,
            lines: sending.lines,
            bytes: sending.fileBytes,
            seconds: (Math.max(sent, reading.lastAt) - started) / 1000,
            latency: { p50: reading.latency.percentile(50), p99: reading.latency.percentile(99) },
        };
    } finally {
        // Requests to a broker that is down must not hold up the rest.
        const closing = Promise.allSettled([reader.close(), sender.close()]);
        await withTimeLimit(closing, CLOSING_TIME_LIMIT).catch(() => undefined);
    }
}

/** All that has come back so far. */
class Reading {
    /** Milliseconds from handing a record to Kafka until it was read back. */
    readonly latency = createHistogram();
    /** Next offset by partition. */
    readonly nextOffsets: number[];
    /** Bytes of the file that have come back, newlines included. */
    bytes = 0;
    /** When the last records came, by performance.now(). */
    lastAt = 0;
    readonly #checks: readonly PartitionCheck[];
    readonly #named: Record<keyof Differences, number[]> = {
        missing: [],
        duplicated: [],
        changed: [],
        reordered: [],
    };
    readonly #onRead: (bytes: number) => void;
    #lead = 0;
    #waiting: (() => void)[] = [];

    constructor(partitions: number, onRead: (bytes: number) => void) {
        this.#onRead = onRead;
        this.nextOffsets = Array.from({ length: partitions }, () => 0);
        this.#checks = this.nextOffsets.map(
            (_, partition) =>
                new PartitionCheck(partition, partitions, (kind, number) => this.#name(kind, number)),
        );
    }

    take(partition: number, records: readonly ReadRecord[]): void {
        const now = Date.now();
        for (const record of records) {
            const size = record.value?.length ?? 0;
            this.#checks[partition]?.add(record);
            // A histogram counts from 1; a clock that was set back gives less.
            this.latency.record(Math.max(1, now - record.timestamp));
            this.nextOffsets[partition] = record.offset + 1;
            this.#lead -= size;
            this.bytes += size + 1;
        }
        this.lastAt = performance.now();
        this.#onRead(this.bytes);
        const waiting = this.#waiting;
        this.#waiting = [];
        for (const wake of waiting) {
            wake();
        }
    }

    /** Resolves when this many bytes more may be on their way. */
    async roomFor(bytes: number): Promise<void> {
        while (this.#lead > 0 && this.#lead + bytes > MAX_LEAD_BYTES) {
            await new Promise<void>((resolve) => this.#waiting.push(resolve));
        }
        this.#lead += bytes;
    }

    /** Whether every partition has been read up to these offsets. */
    hasReached(ends: readonly number[]): boolean {
        return ends.every((end, partition) => (this.nextOffsets[partition] ?? 0) >= end);
    }

    compare(
        expected: readonly { records: number; digest: string }[],
    ): Differences & Pick<TransferResult, "named"> {
        const sum = { missing: 0, duplicated: 0, changed: 0, reordered: 0 };
        for (const [partition, sent] of expected.entries()) {
            const found = this.#checks[partition]?.differences(sent) ?? sum;
            sum.missing += found.missing;
            sum.duplicated += found.duplicated;
            sum.changed += found.changed;
            sum.reordered += found.reordered;
        }
        return { ...sum, named: this.#named };
    }

    #name(kind: keyof Differences, number: number): void {
        if (this.#named[kind].length < NAMED) {
            this.#named[kind].push(number);
        }
    }
}

/**
 * Waits until everything that was confirmed has come back, and everything else that is in the topic: a batch written
 * twice would lie behind the confirmed end.
 */
async function untilAllIsRead(
    { kafka, topic, signal, truncatedPatience = TRUNCATED_PATIENCE }: TransferOptions,
    reading: Reading,
    confirmed: readonly number[],
): Promise<void> {
    let atEndSince: number | undefined;
    while (true) {
        for (
            let waited = 0;
            waited < END_CHECK_PAUSE && !reading.hasReached(confirmed);
            waited += READ_CHECK_PAUSE
        ) {
            await sleep(READ_CHECK_PAUSE, undefined, { signal });
        }
        const asking = kafka.admin.endOffsets(topic).catch(() => undefined);
        const ends = await unlessAborted(asking, signal);
        if (ends === undefined || !reading.hasReached(ends)) {
            atEndSince = undefined;
            await sleep(READ_CHECK_PAUSE, undefined, { signal });
            continue;
        }
        if (reading.hasReached(confirmed)) {
            return;
        }
        // The log ends before what it confirmed: records are lost, unless its new leader is just catching up.
        atEndSince ??= performance.now();
        if (performance.now() - atEndSince > truncatedPatience) {
            return;
        }
    }
}
