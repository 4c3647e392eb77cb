import { setTimeout as sleep } from "node:timers/promises";
import { unlessAborted, withTimeLimit } from "../../common/abort.ts";
import { CLIENT_LIMITS } from "../limits.ts";
import { isFinal } from "./kafkaError.ts";
import type { RecordSender, RecordToSend } from "./projectKafka.ts";
import { type BatchProducer, sendToOnePartition, UnprovenSendError } from "./safeSend.ts";

/** A kafkajs Producer, as far as it is used. */
export interface IdempotentProducer extends BatchProducer {
    connect(): Promise<void>;
    disconnect(): Promise<void>;
}

const RESEND_PAUSE = 500;
/**
 * kafkajs wraps its sequence numbers wrongly at 2^31 (`eosManager.updateSequence` restarts at 0, where Kafka expects
 * the remainder), so a producer retires long before.
 */
const RECORDS_PER_PRODUCER = 2 ** 30;

/**
 * Sends with kafkajs' idempotent producer, which was read (2.2.4) for what it does when leaders move:
 *
 * - A request's sequence number is taken when it goes out and given back when it fails (`sendMessages.js`), under a
 *   lock per broker. With one request in flight per partition, a repetition therefore carries the number of the
 *   first try, and a broker that has the batch already - the old leader, or the new one, which learnt it by
 *   replication - answers with its first offset instead of writing it twice. Without idempotence, an answer lost
 *   with its broker, or NOT_ENOUGH_REPLICAS_AFTER_APPEND, would double the batch.
 * - The same giving back is a trap: after a send that failed in the end, the NEXT batch gets the number of the failed
 *   one. If that had been written after all and is as long, Kafka takes the new batch for a repetition, confirms it
 *   and drops it. So a batch is repeated until it is in, or nothing more is sent to anyone: never skipped.
 *
 * kafkajs repeats a few times by itself and this class for ever after; all in kafkajs could not be interrupted.
 */
export class SafeSender implements RecordSender {
    readonly #newProducer: () => IdempotentProducer;
    readonly #topic: string;
    readonly #recordsPerProducer: number;
    readonly #callLimit: number;
    readonly #inFlight = new Set<number>();
    #current: Promise<Lease> | undefined;
    #broken = false;

    constructor(
        newProducer: () => IdempotentProducer,
        topic: string,
        recordsPerProducer = RECORDS_PER_PRODUCER,
        callLimit = CLIENT_LIMITS.call,
    ) {
        this.#newProducer = newProducer;
        this.#topic = topic;
        this.#recordsPerProducer = recordsPerProducer;
        this.#callLimit = callLimit;
    }

    async send(
        partition: number,
        records: readonly RecordToSend[],
        timestamp: number,
        signal: AbortSignal,
    ): Promise<number> {
        if (this.#inFlight.has(partition)) {
            throw new Error(`a batch to partition ${partition} is still in flight`);
        }
        this.#inFlight.add(partition);
        const lease = await this.#lease(records.length, signal);
        try {
            return await this.#sendUntilIn(lease.producer, partition, records, timestamp, signal);
        } catch (error) {
            this.#broken = true;
            throw error;
        } finally {
            this.#inFlight.delete(partition);
            lease.users--;
            await retireIfUnused(lease);
        }
    }

    /** One producer for all tries of a batch: another one's sequence numbers would not stop a repetition. */
    async #sendUntilIn(
        producer: IdempotentProducer,
        partition: number,
        records: readonly RecordToSend[],
        timestamp: number,
        signal: AbortSignal,
    ): Promise<number> {
        while (true) {
            signal.throwIfAborted();
            if (this.#broken) {
                throw new Error("another batch was given up, so none may follow");
            }
            try {
                const sent = sendToOnePartition(producer, this.#topic, partition, records, timestamp);
                // Without a limit of its own: a second try beside it would have another sequence number.
                return await unlessAborted(sent, signal);
            } catch (error) {
                const proofless = error instanceof UnprovenSendError && !error.nothingSent;
                if (proofless || isFinal(error)) {
                    throw error;
                }
            }
            await sleep(RESEND_PAUSE, undefined, { signal });
        }
    }

    async #lease(records: number, signal: AbortSignal): Promise<Lease> {
        this.#current ??= this.#connect(signal);
        let lease = await this.#current;
        // Checked again after each wait: another partition may have taken what was left, or changed the producer.
        while (lease.retired || (lease.records > 0 && lease.records + records > this.#recordsPerProducer)) {
            if (!lease.retired) {
                lease.retired = true;
                this.#current = this.#connect(signal);
                await retireIfUnused(lease);
            }
            lease = await this.#current;
        }
        lease.records += records;
        lease.users++;
        return lease;
    }

    async #connect(signal: AbortSignal): Promise<Lease> {
        while (true) {
            signal.throwIfAborted();
            const producer = this.#newProducer();
            try {
                // Asks the controller for a producer id, and fails at once when that broker has just gone.
                // It has sent nothing yet, so that one which hangs may be dropped.
                await withTimeLimit(producer.connect(), this.#callLimit);
                return { producer, records: 0, users: 0, retired: false };
            } catch (error) {
                void producer.disconnect().catch(() => undefined);
                if (isFinal(error)) {
                    throw error;
                }
            }
            await sleep(RESEND_PAUSE, undefined, { signal });
        }
    }

    async close(): Promise<void> {
        this.#broken = true;
        const lease = await this.#current?.catch(() => undefined);
        await lease?.producer.disconnect();
    }
}

/** A producer, who uses it, and how much of its sequence numbers is gone. */
interface Lease {
    readonly producer: IdempotentProducer;
    records: number;
    users: number;
    retired: boolean;
}

async function retireIfUnused(lease: Lease): Promise<void> {
    if (lease.retired && lease.users === 0) {
        await lease.producer.disconnect();
    }
}
