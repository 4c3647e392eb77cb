/**
 * Keeps a stopped consumer of kafkajs from taking the whole process with it.
 *
 * When the list of brokers changes, as in a rolling update, kafkajs (2.2.4) stops its fetchers and starts new ones
 * (`consumer/fetchManager.js`). If the consumer is stopped at that moment, nobody stops the new ones: `Runner.fetch`
 * returns nothing at once, and the fetcher calls it again, in microtasks alone. No timer and no socket of the process
 * gets a turn after that, so no time limit anywhere can end it. Seen in a CA rotation: a client that never ended.
 *
 * So the fetcher that notices that the consumer is stopped stops all of them. This replaces one method of kafkajs;
 * its version is pinned, and it is not developed any further.
 */
import { createRequire } from "node:module";

interface Runner {
    readonly running: boolean;
    readonly fetchManager: { stop(): Promise<void> };
    fetch(nodeId: number): Promise<unknown[]>;
}

/** The class behind a running consumer. */
const ConsumerRunner = createRequire(import.meta.url)("kafkajs/src/consumer/runner") as {
    readonly prototype: Runner;
};

const { fetch } = ConsumerRunner.prototype;

ConsumerRunner.prototype.fetch = async function (this: Runner, nodeId: number): Promise<unknown[]> {
    if (this.running) {
        return fetch.call(this, nodeId);
    }
    void this.fetchManager.stop();
    return [];
};
