/** Load that is known to run while something is made to fail: Kafka's own producers and consumers, until they are stopped. */
import { type Kubernetes, until } from "./cluster.ts";
import { PodProcess } from "./podProcess.ts";

export class Load {
    /** Values of the records that were acknowledged, in that order; the verifiable producer tells them. */
    readonly acknowledged: string[] = [];
    /** Partitions of these values. */
    readonly partitions = new Map<string, number>();
    /** Records that the producer has given up. */
    failed = 0;
    /** Longest time between two acknowledgements, in seconds. */
    longestGap = 0;
    #acknowledgedAt: number | undefined;
    readonly #process: PodProcess;

    /** @param command of a producer in that pod */
    constructor(k: Kubernetes, namespace: string, pod: string, command: readonly string[]) {
        this.#process = new PodProcess(k, namespace, pod, command, (line) => this.#read(line));
    }

    /** Waits until more records are acknowledged than now: it runs, and Kafka takes what it produces. */
    async untilMore(count: number, seconds = 60): Promise<void> {
        const goal = this.acknowledged.length + count;
        await until(`${goal} records acknowledged`, seconds, async () => {
            this.assertRunning();
            return this.acknowledged.length >= goal;
        });
    }

    /** @throws Error when it has ended */
    assertRunning(): void {
        this.#process.assertRunning();
    }

    /** Ends it; what it has sent is acknowledged or failed then. Safe to repeat. */
    stop(): Promise<void> {
        return this.#process.stop();
    }

    #read(line: string): void {
        if (line.includes('"producer_send_success"')) {
            const now = performance.now();
            this.longestGap = Math.max(this.longestGap, (now - (this.#acknowledgedAt ?? now)) / 1000);
            this.#acknowledgedAt = now;
            const { value, partition } = JSON.parse(line) as { value: string; partition: number };
            this.acknowledged.push(value);
            this.partitions.set(value, partition);
        } else if (line.includes('"producer_send_error"')) {
            this.failed++;
        }
    }
}

/** It finds a new partition within five seconds, not within five minutes. */
const FINDS_PARTITIONS = ["--consumer-property", "metadata.max.age.ms=5000"];

/** Kafka's own consumer, which reads a topic from its beginning on. */
export class Reader {
    /** Values of the records that it has read. */
    readonly values = new Set<string>();
    readonly #topic: string;
    readonly #process: PodProcess;

    /** @param command of a console consumer in that pod */
    constructor(k: Kubernetes, namespace: string, pod: string, command: readonly string[], topic: string) {
        this.#topic = topic;
        this.#process = new PodProcess(
            k,
            namespace,
            pod,
            [...command, "--topic", topic, "--from-beginning", ...FINDS_PARTITIONS],
            (line) => this.values.add(line),
        );
    }

    /** Waits until it has read every one of these values. */
    async untilRead(values: readonly string[], seconds: number): Promise<void> {
        await until(`every acknowledged record is in ${this.#topic}`, seconds, async () => {
            this.#process.assertRunning();
            return values.every((value) => this.values.has(value));
        });
    }

    stop(): Promise<void> {
        return this.#process.stop();
    }
}
