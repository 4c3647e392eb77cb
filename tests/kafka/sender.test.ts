import assert from "node:assert/strict";
import type { SendReceipt } from "../../kafka/client/safeSend.ts";
import { type IdempotentProducer, SafeSender } from "../../kafka/client/sender.ts";

type Answer = SendReceipt[] | Error | Promise<SendReceipt[]>;

/** Plays a producer: gives these answers in turn, and fails the test when asked for more. */
class FakeProducer implements IdempotentProducer {
    readonly batches: string[] = [];
    readonly answers: Answer[];
    connects = 0;
    disconnects = 0;

    constructor(...answers: Answer[]) {
        this.answers = answers;
    }
    async connect(): Promise<void> {
        this.connects++;
    }
    async disconnect(): Promise<void> {
        this.disconnects++;
    }
    async send({ messages }: Parameters<IdempotentProducer["send"]>[0]): Promise<SendReceipt[]> {
        assert.equal(new Set(messages.map(({ partition }) => partition)).size, 1, "one partition per send");
        this.batches.push(
            messages.map(({ value, partition }) => `${partition}:${value.toString()}`).join(" "),
        );
        const answer = this.answers.shift();
        if (answer === undefined) {
            assert.fail("one send too many");
        }
        if (answer instanceof Error) {
            throw answer;
        }
        return answer;
    }
}

const receipt = (partition: number, offset: number): SendReceipt[] => [
    { topicName: "t", partition, errorCode: 0, baseOffset: `${offset}` },
];
const records = (...values: string[]): { key: Buffer; value: Buffer }[] =>
    values.map((value) => ({ key: Buffer.alloc(0), value: Buffer.from(value) }));
const kafkaError = (type: string): Error => Object.assign(new Error(type), { type });
/** Ends what a failed test left running: a sender never stops trying by itself. */
let end = new AbortController();

function senderWith(...producers: FakeProducer[]): (recordsPerProducer?: number) => SafeSender {
    return (recordsPerProducer) =>
        new SafeSender(
            () => producers.shift() ?? assert.fail("one producer too many"),
            "t",
            recordsPerProducer,
        );
}

describe("SafeSender", () => {
    beforeEach(() => {
        end = new AbortController();
    });
    afterEach(() => end.abort());

    it("sends the very same batch again until it is in", async () => {
        const producer = new FakeProducer(kafkaError("NOT_LEADER_FOR_PARTITION"), [], receipt(1, 7));
        const sender = senderWith(producer)();
        assert.equal(await sender.send(1, records("a", "b"), 1, end.signal), 7);
        assert.deepEqual(producer.batches, ["1:a 1:b", "1:a 1:b", "1:a 1:b"]);
        assert.equal(producer.connects, 1);
    });

    it("keeps one batch per partition in flight, partitions side by side", async () => {
        let answer: (receipts: SendReceipt[]) => void = () => undefined;
        const held = new Promise<SendReceipt[]>((resolve) => {
            answer = resolve;
        });
        const producer = new FakeProducer(held, receipt(2, 0));
        const sender = senderWith(producer)();
        const first = sender.send(1, records("a"), 1, end.signal);
        await assert.rejects(sender.send(1, records("b"), 1, end.signal), /still in flight/);
        assert.equal(await sender.send(2, records("c"), 1, end.signal), 0);
        answer(receipt(1, 5));
        assert.equal(await first, 5);
        assert.deepEqual(producer.batches, ["1:a", "2:c"]);
    });

    it("never lets another batch follow one that was given up: it would get its sequence number", async () => {
        const producer = new FakeProducer(kafkaError("MESSAGE_TOO_LARGE"));
        const sender = senderWith(producer)();
        await assert.rejects(sender.send(0, records("a"), 1, end.signal), /MESSAGE_TOO_LARGE/);
        await assert.rejects(sender.send(0, records("b"), 1, end.signal), /given up/);
        assert.deepEqual(producer.batches, ["0:a"]);
    });

    it("gives up on an answer that proves nothing", async () => {
        const producer = new FakeProducer([...receipt(0, 1), ...receipt(0, 2)]);
        await assert.rejects(senderWith(producer)().send(0, records("a"), 1, end.signal), /does not prove/);
    });

    it("stops when told to", async () => {
        const stop = new AbortController();
        const producer = new FakeProducer(new Error("no broker"));
        const sending = senderWith(producer)().send(0, records("a"), 1, stop.signal);
        setImmediate(() => stop.abort(new Error("enough")));
        await assert.rejects(sending);
        assert.deepEqual(producer.batches, ["0:a"]);
    });

    it("tries again when the producer cannot be opened", async () => {
        const failing = new FakeProducer();
        failing.connect = () => Promise.reject(new Error("controller has gone"));
        const working = new FakeProducer(receipt(0, 0));
        assert.equal(await senderWith(failing, working)().send(0, records("a"), 1, end.signal), 0);
        assert.equal(failing.disconnects, 1);
    });

    it("takes a new producer before sequence numbers run out, and lets the old one finish", async () => {
        let answer: (receipts: SendReceipt[]) => void = () => undefined;
        const held = new Promise<SendReceipt[]>((resolve) => {
            answer = resolve;
        });
        const first = new FakeProducer(held);
        const second = new FakeProducer(receipt(1, 0), receipt(0, 2));
        const sender = senderWith(first, second)(3);
        const slow = sender.send(0, records("a", "b"), 1, end.signal);
        assert.equal(await sender.send(1, records("c", "d"), 1, end.signal), 0);
        assert.equal(first.disconnects, 0);
        answer(receipt(0, 0));
        assert.equal(await slow, 0);
        assert.equal(first.disconnects, 1);
        assert.deepEqual([first.batches, second.batches], [["0:a 0:b"], ["1:c 1:d"]]);
        await sender.close();
        assert.equal(second.disconnects, 1);
    });
});
