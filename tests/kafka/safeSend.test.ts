import assert from "node:assert/strict";
import {
    type BatchProducer,
    type SendReceipt,
    sendToOnePartition,
    UnprovenSendError,
} from "../../kafka/client/safeSend.ts";

const TOPIC = "t";
const record = { key: Buffer.from("k"), value: Buffer.from("v") };
const good: SendReceipt = { topicName: TOPIC, partition: 3, errorCode: 0, baseOffset: "41" };

/** Answers one send, and fails the test on a second one or on anything but records of one partition. */
function producer(receipts: SendReceipt[]): BatchProducer {
    let sends = 0;
    return {
        send: (batch) => {
            assert.equal(++sends, 1);
            assert.equal(batch.topic, TOPIC);
            assert.equal(batch.acks, -1);
            assert.deepEqual(
                batch.messages.map(({ partition, timestamp }) => [partition, timestamp]),
                [
                    [3, "1700000000000"],
                    [3, "1700000000000"],
                ],
            );
            return Promise.resolve(receipts);
        },
    };
}

const sendWith = (receipts: SendReceipt[]): Promise<number> =>
    sendToOnePartition(producer(receipts), TOPIC, 3, [record, record], 1_700_000_000_000);

describe("sendToOnePartition", () => {
    it("returns the first offset that Kafka confirmed", async () => {
        assert.equal(await sendWith([good]), 41);
    });

    const unproven: Record<string, SendReceipt[]> = {
        "nothing, as if all were well": [],
        "two partitions": [good, { ...good, partition: 2 }],
        "the same partition twice": [good, good],
        "another partition": [{ ...good, partition: 2 }],
        "another topic": [{ ...good, topicName: "u" }],
        "an error": [{ ...good, errorCode: 6 }],
        "no offset": [{ topicName: TOPIC, partition: 3, errorCode: 0 }],
        "offset -1": [{ ...good, baseOffset: "-1" }],
        "an offset that is no number": [{ ...good, baseOffset: "x" }],
        "an empty offset": [{ ...good, baseOffset: "" }],
    };
    for (const [name, receipts] of Object.entries(unproven)) {
        it(`does not believe ${name}`, async () => {
            await assert.rejects(sendWith(receipts), (error: unknown) => {
                assert.ok(error instanceof UnprovenSendError);
                assert.equal(error.nothingSent, receipts.length === 0);
                return true;
            });
        });
    }

    it("passes on what kafkajs throws", async () => {
        const failing: BatchProducer = { send: () => Promise.reject(new Error("no broker")) };
        await assert.rejects(sendToOnePartition(failing, TOPIC, 0, [record], 1), /no broker/);
    });
});
