import assert from "node:assert/strict";
import { type FetchedBatch, type GroupConsumer, PositionedReader } from "../../kafka/client/reader.ts";

/** Plays a consumer; what it is not meant to be asked fails the test. */
class FakeConsumer implements GroupConsumer {
    readonly seeks: string[] = [];
    closed = false;
    joined: () => void = () => assert.fail("nobody listens");
    crash: (final: boolean) => void = () => assert.fail("nobody listens");
    deliver: (batch: FetchedBatch) => Promise<void> = () => assert.fail("not running");

    async connect(): Promise<void> {}
    async subscribe(subscription: unknown): Promise<void> {
        assert.deepEqual(subscription, { topics: ["t"], fromBeginning: true });
    }
    async run(config: Parameters<GroupConsumer["run"]>[0]): Promise<void> {
        assert.equal(config.autoCommit, false);
        this.deliver = (batch) => config.eachBatch({ batch });
        this.joined();
    }
    seek({ topic, partition, offset }: Parameters<GroupConsumer["seek"]>[0]): void {
        this.seeks.push(`${topic}/${partition}@${offset}`);
    }
    onJoined(listener: () => void): void {
        this.joined = listener;
    }
    onCrash(listener: (final: boolean) => void): void {
        this.crash = listener;
    }
    async disconnect(): Promise<void> {
        this.closed = true;
    }
}

const batch = (partition: number, ...offsets: number[]): FetchedBatch => ({
    partition,
    messages: offsets.map((offset) => ({ offset: `${offset}`, timestamp: "5", key: null, value: null })),
});

async function opened(...consumers: FakeConsumer[]): Promise<{ reader: PositionedReader; seen: string[] }> {
    const seen: string[] = [];
    const left = [...consumers];
    const reader = new PositionedReader(() => left.shift() ?? assert.fail("one consumer too many"), {
        topic: "t",
        group: "t",
        onRecords: (partition, records) =>
            seen.push(`${partition}:${records.map(({ offset }) => offset).join()}`),
        signal: new AbortController().signal,
    });
    await reader.open();
    return { reader, seen };
}

describe("PositionedReader", () => {
    it("hands on each offset once, whatever is delivered again", async () => {
        const consumer = new FakeConsumer();
        const { seen } = await opened(consumer);
        await consumer.deliver(batch(0, 0, 1, 2));
        await consumer.deliver(batch(0, 1, 2, 3));
        await consumer.deliver(batch(0, 0, 1));
        await consumer.deliver(batch(1, 0));
        assert.deepEqual(seen, ["0:0,1,2", "0:3", "1:0"]);
    });

    it("continues after a rebalance where it was", async () => {
        const consumer = new FakeConsumer();
        await opened(consumer);
        assert.deepEqual(consumer.seeks, []);
        await consumer.deliver(batch(0, 0, 1));
        await consumer.deliver(batch(3, 0));
        consumer.joined();
        assert.deepEqual(consumer.seeks, ["t/0@2", "t/3@1"]);
    });

    it("asks again for offsets left out, and believes it in the end", async () => {
        const consumer = new FakeConsumer();
        const { seen } = await opened(consumer);
        await consumer.deliver(batch(0, 0));
        for (let i = 0; i < 3; i++) {
            await consumer.deliver(batch(0, 5, 6));
            assert.equal(consumer.seeks.length, i + 1);
            assert.equal(consumer.seeks.at(-1), "t/0@1");
        }
        assert.deepEqual(seen, ["0:0"]);
        await consumer.deliver(batch(0, 5, 6));
        assert.deepEqual(seen, ["0:0", "0:5,6"]);
    });

    it("starts a new consumer when kafkajs gives up, from where the old one was", async () => {
        const [first, second] = [new FakeConsumer(), new FakeConsumer()];
        const { reader, seen } = await opened(first, second);
        await first.deliver(batch(0, 0, 1));
        first.crash(false);
        first.crash(true);
        await new Promise((resolve) => setTimeout(resolve, 1_100));
        assert.equal(first.closed, true);
        assert.deepEqual(second.seeks, ["t/0@2"]);
        await first.deliver(batch(0, 2));
        await second.deliver(batch(0, 2, 3));
        assert.deepEqual(seen, ["0:0,1", "0:2,3"]);
        await reader.close();
        assert.equal(second.closed, true);
    });

    it("hands on nothing after it is closed", async () => {
        const consumer = new FakeConsumer();
        const { reader, seen } = await opened(consumer);
        await reader.close();
        await consumer.deliver(batch(0, 0));
        assert.deepEqual(seen, []);
    });
});
