import type { RecordToSend } from "./projectKafka.ts";

/** The part of kafkajs' RecordMetadata that proves something. */
export interface SendReceipt {
    readonly topicName: string;
    readonly partition: number;
    readonly errorCode: number;
    readonly baseOffset?: string;
}

/** The one call of kafkajs' Producer that may be used. */
export interface BatchProducer {
    send(batch: {
        topic: string;
        acks: number;
        timeout: number;
        messages: { key: Buffer; value: Buffer; partition: number; timestamp: string }[];
    }): Promise<SendReceipt[]>;
}

/** Longest that a broker may wait for its followers before it answers, in milliseconds. */
const REPLICATION_TIME_LIMIT = 10_000;

/** Kafka's answer to a send does not prove that the records were written once. */
export class UnprovenSendError extends Error {
    /** Whether Kafka answered for no partition at all: then nothing was sent, and sending again is safe. */
    readonly nothingSent: boolean;

    constructor(topic: string, partition: number, receipts: readonly SendReceipt[]) {
        const seen = receipts.map(
            (r) => `${r.topicName}/${r.partition}: error ${r.errorCode}, offset ${r.baseOffset}`,
        );
        super(`Kafka's answer does not prove the write to ${topic}/${partition}: [${seen.join("; ")}]`);
        this.name = "UnprovenSendError";
        this.nothingSent = receipts.length === 0;
    }
}

/**
 * Sends to one partition and takes nothing on trust.
 *
 * kafkajs 2.2.4 can lose a message and say that all is well: `sendMessages.js` keeps the answers of brokers over its
 * retries (`responsePerBroker`), so when a send covers two partitions and one moves to a broker that has already
 * answered for the other, it is never sent. With one partition per send no broker can have answered before, unless
 * for this very batch; and what the answer has to be is known exactly: one receipt, for this partition, without
 * error, with an offset.
 *
 * @returns the offset of the first record
 * @throws UnprovenSendError
 */
export async function sendToOnePartition(
    producer: BatchProducer,
    topic: string,
    partition: number,
    records: readonly RecordToSend[],
    timestamp: number,
): Promise<number> {
    const time = timestamp.toString();
    const receipts = await producer.send({
        topic,
        acks: -1,
        timeout: REPLICATION_TIME_LIMIT,
        messages: records.map(({ key, value }) => ({ key, value, partition, timestamp: time })),
    });
    const [receipt] = receipts;
    const offset = /^\d+$/.test(receipt?.baseOffset ?? "") ? Number(receipt?.baseOffset) : Number.NaN;
    if (
        receipts.length !== 1 ||
        receipt?.topicName !== topic ||
        receipt.partition !== partition ||
        receipt.errorCode !== 0 ||
        !Number.isSafeInteger(offset)
    ) {
        throw new UnprovenSendError(topic, partition, receipts);
    }
    return offset;
}
