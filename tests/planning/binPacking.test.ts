import assert from "node:assert/strict";
import type { Environment } from "../../config/schema/environment.ts";
import { pack } from "../../planning/binPacking.ts";
import { fleet, projectOf, ZONES } from "../config/fixtures.ts";

/** `zone: project/set project/set` of each node. */
function nodes(environment: Environment): string[] {
    return pack(environment, environment.gke!).nodes.map(
        ({ zone, pods }) =>
            `${zone.at(-1)}: ${pods.map(({ project, set }) => `${project}/${set}`).join(" ")}`,
    );
}

describe("packing of pods into nodes", () => {
    it("gives each zone as many of a set, and puts those that are over where there is least", () => {
        const environment = fleet([projectOf("one", { brokers: 4, cpu: 2 }, { servers: 5 })]);
        const zones = pack(environment, environment.gke!).nodes.flatMap(({ zone, pods }) =>
            pods.map(({ set }) => `${zone.at(-1)} ${set}`),
        );
        const counts = ZONES.map((zone) =>
            (["kafka", "zookeeper"] as const).map(
                (set) => zones.filter((text) => text === `${zone.at(-1)} ${set}`).length,
            ),
        );
        assert.deepEqual(counts, [
            [2, 1],
            [1, 2],
            [1, 2],
        ]);
    });

    it("never puts two servers of one set on a node, but those of different sets and Projects", () => {
        const environment = fleet([projectOf("one", { brokers: 6 }), projectOf("two")], [{ maxPerZone: 3 }]);
        assert.deepEqual(
            nodes(environment),
            ["b", "c", "d"].flatMap((zone) => [
                `${zone}: one/kafka one/zookeeper two/kafka two/zookeeper`,
                `${zone}: one/kafka`,
            ]),
        );
    });

    it("uses the pools that are for the set alone, and the next pool when one is full", () => {
        const pools = [
            { name: "first", servers: ["kafka"], maxPerZone: 1 },
            { name: "second", servers: ["kafka"], maxPerZone: 1 },
            { name: "zookeeper", servers: ["zookeeper"], maxPerZone: 1 },
        ];
        const environment = fleet([projectOf("one", { cpu: 3 }), projectOf("two", { cpu: 3 })], pools);
        const { nodes: all } = pack(environment, environment.gke!);
        assert.deepEqual(
            all.filter(({ zone }) => zone === ZONES[0]).map(({ pool, pods }) => [pool.name, pods.length]),
            [
                ["first", 1],
                ["zookeeper", 2],
                ["second", 1],
            ],
        );
    });

    it("sets pods aside that no machine takes", () => {
        const environment = fleet([projectOf("one", { memory: "64Gi" })]);
        const { nodes: all, tooLarge } = pack(environment, environment.gke!);
        assert.deepEqual(
            tooLarge.map(({ project, set }) => `${project}/${set}`),
            ["one/kafka", "one/kafka", "one/kafka"],
        );
        assert.equal(all.length, 3);
    });
});
