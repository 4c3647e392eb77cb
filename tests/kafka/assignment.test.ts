import assert from "node:assert/strict";
import { assign as assignAll, type BrokerRack } from "../../kafka/admin/assignment.ts";

const assign = (current: readonly number[][], all: readonly BrokerRack[], factor: number) =>
    assignAll(
        current.map((replicas) => ({ topic: "orders", replicas, factor })),
        all,
    );

const brokers = (...racks: (string | null)[]) => racks.map((rack, id) => ({ id, rack }));

describe("assign", () => {
    it("keeps the present replicas, the leaders first of all", () => {
        assert.deepEqual(
            assign(
                [
                    [0, 1, 2],
                    [2, 0, 1],
                ],
                brokers(null, null, null),
                2,
            ),
            [
                [0, 1],
                [2, 0],
            ],
        );
        assert.deepEqual(
            assign([[1], [2]], brokers(null, null, null), 3).map((replicas) => replicas[0]),
            [1, 2],
        );
    });

    it("keeps replicas on brokers that are up, and in different racks, rather than others", () => {
        const [zero, , two] = brokers("a", "a", "b");
        assert.deepEqual(assign([[0, 1, 2]], [zero!, two!], 2), [[0, 2]]);
        assert.deepEqual(assign([[0, 1, 2]], brokers("a", "a", "b"), 2), [[0, 2]]);
        // The leader itself is down.
        assert.deepEqual(assign([[1, 0, 2]], [zero!, two!], 2), [[0, 2]]);
    });

    it("puts new replicas into racks that a partition lacks", () => {
        // Broker 1 is as empty as 2, but in the leader's rack.
        assert.deepEqual(assign([[0]], brokers("a", "a", "b"), 2), [[0, 2]]);
        assert.deepEqual(assign([[0]], brokers("a", "a", "b"), 3), [[0, 2, 1]]);
    });

    it("spreads new replicas over the brokers", () => {
        const wanted = assign([[0], [0], [0], [0]], brokers(null, null, null, null, null), 2);
        assert.deepEqual(wanted.map((replicas) => replicas[1]).sort(), [1, 2, 3, 4]);
    });

    it("spreads those of each topic, and then all", () => {
        const partition = (topic: string, ...replicas: number[]) => ({ topic, replicas, factor: 2 });
        const wanted = assignAll(
            // Broker 2 has most replicas of all, but none of b, and 3 has one of b.
            [
                partition("a", 0, 2),
                partition("a", 1, 2),
                partition("a", 0, 2),
                partition("b", 3),
                partition("b", 0),
            ],
            brokers(null, null, null, null),
        );
        assert.deepEqual(wanted.slice(3), [
            [3, 1],
            [0, 2],
        ]);
    });

    it("gives no broker two replicas of one partition", () => {
        for (const factor of [1, 2, 3, 4, 5]) {
            for (const replicas of assign(
                [[3], [4, 1], [0, 2, 1]],
                brokers("a", "b", "c", "a", "b"),
                factor,
            )) {
                assert.equal(replicas.length, factor);
                assert.equal(new Set(replicas).size, factor);
            }
        }
    });

    it("says so where there are too few brokers", () => {
        assert.throws(
            () => assign([[0]], brokers(null, null), 3),
            /2 brokers are up, which is too few for replication factor 3/,
        );
    });
});
