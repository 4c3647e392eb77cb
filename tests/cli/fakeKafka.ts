import assert from "node:assert/strict";
import type { Topic } from "../../common/kafkaTypes.ts";
import type { Metadata } from "../../kafka/admin/metadata.ts";
import type { OngoingReassignment } from "../../kafka/admin/reassignments.ts";
import type {
    ProjectKafka,
    ReadOptions,
    ReadRecord,
    RecordSender,
    RecordToSend,
    TopicReader,
} from "../../kafka/client/projectKafka.ts";

/** What a broken Kafka makes of a batch before it is in the log. */
export type Corruption = (
    records: readonly RecordToSend[],
    partition: number,
    batch: number,
) => readonly RecordToSend[];

/** A Kafka in memory. Refuses, by failing the test, whatever a well-behaved client does not do. */
export class FakeKafka implements ProjectKafka {
    readonly accessDenied = new AbortController().signal;
    /** The same object plays the admin client. */
    readonly admin = this;
    readonly topics = new Map<string, ReadRecord[][]>();
    readonly created: Topic[] = [];
    readonly deletedGroups: string[] = [];
    readonly activeGroups = new Set<string>();
    /** Where each group goes on reading, by topic. */
    readonly offsetsOf = new Map<string, ReadonlyMap<string, readonly number[]>>();
    /** Sends that never end. */
    stuck = false;
    closed = false;
    maxInFlight = 0;
    readonly #corruption: Corruption;
    readonly #readers = new Set<ReadOptions>();
    #inFlight = 0;
    #batches = 0;

    constructor(corruption: Corruption = (records) => records) {
        this.#corruption = corruption;
    }

    lastError(): string | undefined {
        return "broker 1 is on fire";
    }
    /** What describes it, where a test says so. */
    ongoing: readonly OngoingReassignment[] = [];
    async listReassignments(): Promise<readonly OngoingReassignment[]> {
        return this.ongoing;
    }
    described: Metadata | undefined;
    async metadata(): Promise<Metadata> {
        return this.described ?? assert.fail("not asked for");
    }
    async countBrokers(): Promise<number> {
        return 3;
    }
    async listTopics(): Promise<readonly string[]> {
        return [...this.topics.keys()];
    }
    async createTopic(topic: Topic): Promise<void> {
        assert.ok(!this.topics.has(topic.name), "created once");
        this.created.push(topic);
        this.topics.set(
            topic.name,
            Array.from({ length: topic.partitions }, () => []),
        );
    }
    async deleteTopic(topic: string): Promise<void> {
        this.topics.delete(topic);
    }
    async readTopic(topic: string): Promise<ReadRecord[]> {
        return [...(this.topics.get(topic)?.[0] ?? [])];
    }

    async endOffsets(topic: string): Promise<readonly number[]> {
        return this.#logs(topic).map((log) => log.length);
    }
    async listGroups(): Promise<readonly string[]> {
        return [...this.offsetsOf.keys()];
    }
    async committedOffsets(group: string): Promise<ReadonlyMap<string, readonly number[]>> {
        return this.offsetsOf.get(group) ?? assert.fail(`no group ${group}`);
    }
    async isGroupActive(group: string): Promise<boolean> {
        return this.activeGroups.has(group);
    }
    async deleteGroup(group: string): Promise<void> {
        assert.ok(
            [...this.#readers].every((reader) => reader.group !== group),
            "nobody reads any more",
        );
        this.deletedGroups.push(group);
    }
    async openReader(options: ReadOptions): Promise<TopicReader> {
        this.#readers.add(options);
        return { close: async () => void this.#readers.delete(options) };
    }
    async openSender(topic: string): Promise<RecordSender> {
        return { send: (...batch) => this.#append(topic, ...batch), close: async () => undefined };
    }
    async close(): Promise<void> {
        this.closed = true;
    }

    async #append(
        topic: string,
        partition: number,
        records: readonly RecordToSend[],
        timestamp: number,
        signal: AbortSignal,
    ): Promise<number> {
        const log = this.#logs(topic)[partition] ?? assert.fail(`no partition ${partition}`);
        this.maxInFlight = Math.max(this.maxInFlight, ++this.#inFlight);
        await new Promise<void>((resolve, reject) => {
            signal.addEventListener("abort", () => reject(signal.reason as Error));
            if (!this.stuck) {
                setImmediate(resolve);
            }
        });
        this.#inFlight--;
        const first = log.length;
        for (const { key, value } of this.#corruption(records, partition, this.#batches++)) {
            log.push({ offset: log.length, timestamp, key, value });
        }
        const written = log.slice(first);
        setImmediate(() => {
            for (const reader of this.#readers) {
                reader.onRecords(partition, written);
            }
        });
        return first;
    }

    #logs(topic: string): ReadRecord[][] {
        return this.topics.get(topic) ?? assert.fail(`no topic ${topic}`);
    }
}
