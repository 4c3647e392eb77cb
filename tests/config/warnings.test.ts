import assert from "node:assert/strict";
import { environment, rawConfigWith } from "./matchers.ts";

const warningsOf = (changes: Record<string, unknown>) => environment(rawConfigWith(changes)).warnings;

describe("a warning about the memory of ZooKeeper", () => {
    const warning = (memory: string, wanted: string) => [
        `projects[0].zookeeper.memory: ${memory} is less than the ${wanted} that ZooKeeper should have in production (2Gi, or 1.5 x heap if that is more)`,
    ];
    const cases: [title: string, minimumZones: number, heap: string, memory: string, expected: string[]][] = [
        ["is given in production below 2Gi", 3, "512Mi", "2047Mi", warning("2047Mi", "2048Mi")],
        ["is not given at 2Gi", 3, "512Mi", "2Gi", []],
        ["is given in production below 1.5 x heap", 3, "2Gi", "2900Mi", warning("2900Mi", "3072Mi")],
        ["is not given at 1.5 x heap", 3, "2Gi", "3Gi", []],
        ["is not given where the loss of a zone is no matter", 0, "512Mi", "1Gi", []],
    ];
    for (const [title, minimumZones, heap, memory, expected] of cases) {
        it(title, () =>
            assert.deepEqual(
                warningsOf({ minimumZones, "zookeeper/heap": heap, "zookeeper/memory": memory }),
                expected,
            ),
        );
    }
});
