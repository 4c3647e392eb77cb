import assert from "node:assert/strict";
import {
    cpusFor,
    diskFor,
    heapFor,
    networkPerBroker,
    pageCacheFor,
    partitionsFor,
    sendPerBroker,
    threadsFor,
    weightedRate,
    writePerBroker,
} from "../../planning/formulas.ts";

const GIB = 1024 ** 3;
const EXAMPLE = { in: 30e6, out: 60e6, replicationFactor: 3 };

describe("sizing formulas", () => {
    it("give the vCPUs of Google's example: 30 MB/s in and 60 out are 12", () => {
        assert.equal(weightedRate(EXAMPLE), 120e6);
        assert.equal(cpusFor(EXAMPLE, 1), 12);
    });

    it("leave half of the vCPUs for peaks, and take more only for one above twice the average", () => {
        assert.deepEqual(
            [1, 1.5, 2, 2.5, 5].map((peak) => cpusFor(EXAMPLE, peak)),
            [12, 12, 12, 15, 30],
        );
    });

    it("takes one vCPU more for the least more, and none for the last digit of a fraction", () => {
        assert.equal(cpusFor({ ...EXAMPLE, out: 60.1e6 }, 1), 13);
        // 27.5 MB/s in and 55 out are 11 vCPUs; as 1.1 x 25 and 1.1 x 50 they come out at 11.000000000000002.
        assert.equal(cpusFor({ in: 25e6 * 1.1, out: 50e6 * 1.1, replicationFactor: 3 }, 1), 11);
    });

    it("divides what is written and sent among the brokers, the network traffic of the disk included", () => {
        assert.equal(writePerBroker(EXAMPLE, 6), 15e6);
        assert.equal(sendPerBroker(EXAMPLE, 6), 20e6);
        assert.equal(networkPerBroker(EXAMPLE, 6), 37.4e6);
    });

    it("keeps 30 seconds of writes in memory", () => {
        assert.equal(pageCacheFor(30e6), 900e6);
    });

    it("keeps all messages on disk, a segment of each partition, and a fifth free", () => {
        // 30 MB/s for a day is 2592 GB on each of three brokers; 100 segments of 64 MiB are 6.25 GiB.
        assert.equal(diskFor(30e6, 86_400, 3, 3), (2592e9 + 6.25 * GIB) / 0.8);
    });

    it("gives a quarter of memory to the heap, from 1 to 6 GiB", () => {
        assert.deepEqual(
            [2, 5, 12, 23, 60].map((gib) => heapFor(gib * GIB) / GIB),
            [1, 1, 3, 5, 6],
        );
    });

    it("allows more partitions on larger brokers", () => {
        assert.deepEqual([2, 4, 8, 16].map(partitionsFor), [1000, 1000, 2000, 4000]);
    });

    it("gives threads by the vCPUs, never fewer than Kafka's defaults", () => {
        const threads = [2, 4, 8, 16].map((cpus) => Object.values(threadsFor(cpus)));
        assert.deepEqual(threads, [
            [8, 3, 1, 2],
            [8, 4, 2, 4],
            [16, 8, 4, 8],
            [32, 16, 4, 16],
        ]);
        assert.deepEqual(Object.keys(threadsFor(2)), [
            "num.io.threads",
            "num.network.threads",
            "num.replica.fetchers",
            "num.recovery.threads.per.data.dir",
        ]);
    });
});
