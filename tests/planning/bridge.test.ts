import assert from "node:assert/strict";
import { bridgeTasks, heapForPartitions } from "../../planning/bridge.ts";

const MIB = 2 ** 20;

describe("the tasks of a bridge", () => {
    it("are one for each partition, with room for partitions that are added", () => {
        const { most, buffer, fetch } = bridgeTasks({ heap: "512Mi" }, [12, 3]);
        assert.deepEqual(most, [49, 40]);
        // An eighth and a sixteenth of the heap of each, which is 27.7 MiB.
        assert.deepEqual([buffer, fetch], [Math.round((416 * MIB) / 15 / 8), MIB]);
    });

    it("are divided by partitions where the heap does not have room for all", () => {
        const { most, buffer, fetch } = bridgeTasks({ heap: "512Mi" }, [90, 14]);
        assert.deepEqual(most, [45, 7]);
        assert.deepEqual([buffer, fetch], [1.0625 * MIB, MIB / 2]);
        assert.equal(heapForPartitions(104), 928 * MIB);
        assert.deepEqual(bridgeTasks({ heap: "928Mi" }, [90, 14]).most, [90, 14]);
    });

    it("are at least one in each direction, however small the heap is", () => {
        assert.deepEqual(bridgeTasks({ heap: "64Mi" }, [6, 1]).most, [1, 1]);
    });

    it("are those of config, whose buffers are never larger than a record may be", () => {
        assert.deepEqual(bridgeTasks({ heap: "2Gi", tasks: 2 }, [12, 12]), {
            most: [2, 2],
            buffer: 32 * MIB,
            fetch: MIB,
        });
    });
});
