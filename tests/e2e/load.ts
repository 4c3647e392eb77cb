/** Load that is known to run while something is made to fail: Kafka's own producers, which run until they are stopped. */
import { setTimeout as sleep } from "node:timers/promises";
import { inPod, type Kubernetes, until } from "./cluster.ts";

export class Load {
    /** Values of the records that were acknowledged, in that order; the verifiable producer tells them. */
    readonly acknowledged: string[] = [];
    /** Records that the producer has given up. */
    failed = 0;
    /** Longest time between two acknowledgements, in seconds. */
    longestGap = 0;
    #acknowledgedAt: number | undefined;
    readonly #k: Kubernetes;
    readonly #namespace: string;
    readonly #pod: string;
    readonly #finished: Promise<unknown>;
    #pid: string | undefined;
    #unread = "";
    #failure: Error | undefined;
    #stopped: Promise<void> | undefined;

    /** @param command of a producer in that pod */
    constructor(k: Kubernetes, namespace: string, pod: string, command: readonly string[]) {
        [this.#k, this.#namespace, this.#pod] = [k, namespace, pod];
        // Its number is that of the shell, which the producer takes over.
        const script = ["sh", "-c", 'echo "pid $$"; exec "$@"', "load", ...command];
        this.#finished = inPod(k, namespace, pod, script, (chunk) => this.#read(chunk)).then(
            () => this.#ended(new Error("it has ended by itself")),
            (error: Error) => this.#ended(error),
        );
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
        if (this.#failure) {
            throw this.#failure;
        }
    }

    /** Ends it; what it has sent is acknowledged or failed then. Safe to repeat. */
    stop(): Promise<void> {
        return (this.#stopped ??= (async () => {
            if (this.#failure) {
                return;
            }
            await until("the load has a process", 60, async () => this.#pid !== undefined);
            await inPod(this.#k, this.#namespace, this.#pod, ["sh", "-c", `kill ${this.#pid}`]);
            await Promise.race([this.#finished, sleep(60_000, undefined, { ref: false })]);
        })());
    }

    #ended(error: Error): void {
        // A signal is no success to the one who waits for the command.
        if (!this.#stopped) {
            this.#failure = new Error(`load on ${this.#namespace} has ended`, { cause: error });
        }
    }

    #read(chunk: string): void {
        const lines = (this.#unread + chunk).split("\n");
        this.#unread = lines.pop()!;
        for (const line of lines) {
            if (line.startsWith("pid ")) {
                this.#pid = line.slice(4);
            } else if (line.includes('"producer_send_success"')) {
                const now = performance.now();
                this.longestGap = Math.max(this.longestGap, (now - (this.#acknowledgedAt ?? now)) / 1000);
                this.#acknowledgedAt = now;
                this.acknowledged.push((JSON.parse(line) as { value: string }).value);
            } else if (line.includes('"producer_send_error"')) {
                this.failed++;
            }
        }
    }
}
