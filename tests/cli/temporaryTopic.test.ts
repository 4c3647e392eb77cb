import assert from "node:assert/strict";
import { createdAt, temporaryTopic, temporaryTopicName } from "../../kafka/client/temporaryTopic.ts";

describe("temporary topics", () => {
    it("tell by their names when they were created", () => {
        const now = new Date("2026-03-04T05:06:07.890Z");
        const name = temporaryTopicName("file", now);
        assert.match(name, /^unity-file-20260304T050607Z-[0-9a-f]{8}$/);
        assert.equal(createdAt(name), Date.parse("2026-03-04T05:06:07Z"));
        assert.notEqual(temporaryTopicName("file", now), name);
    });

    it("are not taken for others", () => {
        for (const name of [
            "orders",
            "unity-file-",
            "unity-file-x",
            "my-unity-file-20260304T050607Z-00000000",
        ]) {
            assert.equal(createdAt(name), undefined, name);
        }
    });

    it("have as many replicas as there are brokers, up to three", () => {
        const shapes = [1, 2, 3, 5].map((brokers) => {
            const { partitions, replicationFactor, config } = temporaryTopic("t", brokers);
            return [partitions, replicationFactor, config["min.insync.replicas"]];
        });
        assert.deepEqual(shapes, [
            [2, 1, "1"],
            [4, 2, "1"],
            [6, 3, "2"],
            [10, 3, "2"],
        ]);
    });
});
