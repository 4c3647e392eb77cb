import assert from "node:assert/strict";
import fc from "fast-check";
import type { BrokerRack } from "../../kafka/admin/assignment.ts";
import { type Partition, planReassignment } from "../../kafka/admin/reassignmentPlan.ts";

const brokers = (...racks: (string | null)[]): BrokerRack[] => racks.map((rack, id) => ({ id, rack }));
const topic = (name: string, ...assignment: number[][]): Partition[] =>
    assignment.map((replicas, partition) => ({ topic: name, partition, replicas, factor: replicas.length }));

/** The partitions as they are when all has moved. */
function moved(partitions: readonly Partition[], all: readonly BrokerRack[]): Partition[] {
    const plan = planReassignment(partitions, all);
    return partitions.map((each) => {
        const change = plan.find((one) => one.topic === each.topic && one.partition === each.partition);
        return { ...each, replicas: change?.replicas ?? each.replicas };
    });
}

const count = (partitions: readonly Partition[], id: number) =>
    partitions.filter(({ replicas }) => replicas.includes(id)).length;
const spread = (counts: readonly number[]) => Math.max(...counts) - Math.min(...counts);
const added = (before: readonly Partition[], after: readonly Partition[]) =>
    after.flatMap(({ replicas }, index) => replicas.filter((id) => !before[index]!.replicas.includes(id)))
        .length;

describe("the plan of a reassignment", () => {
    const THREE = topic("orders", [0, 1, 2], [1, 2, 0], [2, 0, 1], [0, 2, 1], [1, 0, 2]);

    it("moves nothing where brokers are even", () => {
        assert.deepEqual(planReassignment(THREE, brokers(null, null, null)), []);
    });

    it("moves as many replicas onto new brokers as make them even, and gives them leaders", () => {
        assert.deepEqual(planReassignment(THREE, brokers(null, null, null, null, null)), [
            { topic: "orders", partition: 0, replicas: [3, 0, 4] },
            { topic: "orders", partition: 1, replicas: [4, 1, 3] },
            { topic: "orders", partition: 2, replicas: [2, 3, 4] },
        ]);
    });

    it("empties brokers that leave, and nothing else moves", () => {
        const five = topic("orders", [3, 0, 4], [1, 0, 2], [0, 1, 2], [4, 2, 3], [2, 3, 1]);
        const plan = planReassignment(five, brokers(null, null, null));
        assert.deepEqual(
            plan.map(({ partition, replicas }) => [partition, [...replicas].sort()]),
            [0, 3, 4].map((partition) => [partition, [0, 1, 2]]),
        );
    });

    it("keeps one replica in each rack, also where the brokers are uneven by that", () => {
        const racks = brokers("a", "b", "c", "a", "b");
        const after = moved(topic("orders", [0, 1, 2], [1, 2, 0], [2, 0, 1], [0, 2, 1]), racks);
        assert.deepEqual(
            racks.map(({ id }) => count(after, id)),
            [2, 2, 4, 2, 2],
        );
    });

    it("uses a rack that a partition lacks", () => {
        assert.deepEqual(planReassignment(topic("orders", [0, 1]), brokers("a", "a", "b")), [
            { topic: "orders", partition: 0, replicas: [0, 2] },
        ]);
    });

    it("gives a partition the replicas that it is to have", () => {
        const partition = { topic: "__consumer_offsets", partition: 0 };
        const all = brokers(null, null, null);
        assert.deepEqual(planReassignment([{ ...partition, replicas: [1], factor: 3 }], all), [
            { ...partition, replicas: [1, 0, 2] },
        ]);
        assert.deepEqual(planReassignment([{ ...partition, replicas: [2, 0, 1, 3, 4], factor: 3 }], all), [
            { ...partition, replicas: [2, 0, 1] },
        ]);
    });

    it("says so where a partition is to have more replicas than there are brokers", () => {
        assert.throws(
            () => planReassignment(THREE, brokers(null, null)),
            /2 brokers are up, which is too few/,
        );
    });

    /** A cluster with whatever topics, and the brokers that are to have them: some stay, some leave, some are new. */
    const cluster = fc
        .record({
            before: fc.integer({ min: 1, max: 7 }),
            after: fc.integer({ min: 1, max: 9 }),
            racks: fc.constantFrom(0, 1, 2, 3),
            seeds: fc.array(fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), { maxLength: 25 }),
        })
        .map(({ before, after, racks, seeds }) => {
            const ids = Array.from({ length: before }, (_, id) => id);
            const partitions = seeds.map(([named, partition, size, ...order], index): Partition => {
                const factor = 1 + (size! % Math.min(before, after, 5));
                const replicas = ids
                    .toSorted((a, b) => order[a % order.length]! - order[b % order.length]! || a - b)
                    .slice(0, factor);
                return {
                    topic: `topic-${named! % 4}`,
                    partition: 100 * index + (partition! % 100),
                    replicas,
                    factor,
                };
            });
            const rackOf = (id: number) => (racks === 0 ? null : `rack-${id % racks}`);
            return {
                partitions,
                racks,
                all: brokers(...Array.from({ length: after }, (_, id) => rackOf(id))),
            };
        });
    const holds = (judge: (given: { partitions: Partition[]; racks: number; all: BrokerRack[] }) => void) =>
        fc.assert(fc.property(cluster, judge), { numRuns: 300 });

    it("keeps every replication factor, on brokers that stay and once on each, whatever the cluster", () => {
        holds(({ partitions, all }) => {
            for (const { replicas, factor } of moved(partitions, all)) {
                assert.equal(new Set(replicas).size, factor);
                assert.equal(replicas.length, factor);
                assert(replicas.every((id) => id < all.length));
            }
        });
    });

    it("has each partition in as many racks as there can be, whatever the cluster", () => {
        holds(({ partitions, all, racks }) => {
            const there = new Set(all.map(({ rack }) => rack)).size;
            for (const { replicas, factor } of racks === 0 ? [] : moved(partitions, all)) {
                assert.equal(new Set(replicas.map((id) => all[id]!.rack)).size, Math.min(factor, there));
            }
        });
    });

    it("makes brokers without racks even, by no more moves than that takes, whatever the cluster", () => {
        holds(({ partitions, all, racks }) => {
            if (racks > 0) {
                return;
            }
            const after = moved(partitions, all);
            const counts = all.map(({ id }) => count(after, id));
            assert(spread(counts) <= 1, `replicas ${counts.join()}`);
            if (partitions.every(({ replicas }) => replicas.every((id) => id < all.length))) {
                const before = all.map(({ id }) => count(partitions, id));
                const fewest = Math.min(...counts);
                const sum = (each: (replicas: number) => number) =>
                    before.reduce((total, replicas) => total + Math.max(0, each(replicas)), 0);
                const least = Math.max(
                    sum((replicas) => replicas - fewest - Number(spread(counts) > 0)),
                    sum((replicas) => fewest - replicas),
                );
                assert.equal(added(partitions, after), least);
            }
        });
    });

    it("changes nothing the second time, whatever the cluster", () => {
        holds(({ partitions, all }) => {
            assert.deepEqual(planReassignment(moved(partitions, all), all), []);
        });
    });

    it("of a thousand partitions takes less than ten seconds", function () {
        this.timeout("30s");
        const ids = [0, 1, 2];
        const partitions = Array.from({ length: 1000 }, (_, index): Partition => {
            const first = index % 3;
            const replicas = [...ids.slice(first), ...ids.slice(0, first)];
            return { topic: `topic-${index % 40}`, partition: index, replicas, factor: 3 };
        });
        const begun = performance.now();
        const after = moved(partitions, brokers(null, null, null, null, null));
        assert(performance.now() - begun < 10_000);
        assert.equal(added(partitions, after), (2 * 3000) / 5);
    });
});
