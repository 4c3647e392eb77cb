import assert from "node:assert/strict";
import type { Environment } from "../../config/schema/environment.ts";
import { pack } from "../../planning/binPacking.ts";
import { bridgeOf, environmentOf, projectOf, ZONES } from "../config/fixtures.ts";

/** `zone: project/workload project/workload` of each node. */
function nodes(environment: Environment): string[] {
    return pack(environment, environment.gke!).nodes.map(
        ({ zone, pods }) =>
            `${zone.at(-1)}: ${pods.map(({ project, workload }) => `${project}/${workload}`).join(" ")}`,
    );
}

describe("packing of pods into nodes", () => {
    it("gives each zone as many pods of a workload, and those left over to the zones with the fewest requests", () => {
        const environment = environmentOf([projectOf("one", { brokers: 4, cpu: 2 }, { servers: 5 })]);
        const zones = pack(environment, environment.gke!).nodes.flatMap(({ zone, pods }) =>
            pods.map(({ workload }) => `${zone.at(-1)} ${workload}`),
        );
        const counts = ZONES.map((zone) =>
            (["kafka", "zookeeper"] as const).map(
                (workload) => zones.filter((text) => text === `${zone.at(-1)} ${workload}`).length,
            ),
        );
        assert.deepEqual(counts, [
            [2, 1],
            [1, 2],
            [1, 2],
        ]);
    });

    it("never puts two pods of one workload on a node, but those of different workloads and Projects", () => {
        const environment = environmentOf(
            [projectOf("one", { brokers: 6 }), projectOf("two")],
            [{ maxPerZone: 3 }],
        );
        assert.deepEqual(
            nodes(environment),
            ["b", "c", "d"].flatMap((zone) => [
                `${zone}: one/kafka one/zookeeper two/kafka two/zookeeper`,
                `${zone}: one/kafka`,
            ]),
        );
    });

    it("uses only pools that are for the server, and the next pool when one is full", () => {
        const pools = [
            { name: "first", servers: ["kafka"], maxPerZone: 1 },
            { name: "second", servers: ["kafka"], maxPerZone: 1 },
            { name: "zookeeper", servers: ["zookeeper"], maxPerZone: 1 },
        ];
        const environment = environmentOf(
            [projectOf("one", { cpu: 3 }), projectOf("two", { cpu: 3 })],
            pools,
        );
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

    it("counts the pods of a bridge on the brokers' nodes, one of a bridge per node and spread over the zones", () => {
        const pools = [
            { name: "kafka", servers: ["kafka"], maxPerZone: 2 },
            { name: "zookeeper", servers: ["zookeeper"] },
        ];
        const environment = environmentOf([projectOf("one", {}, {}, { bridge: bridgeOf(4) })], pools);
        const bridges = pack(environment, environment.gke!).nodes.flatMap(({ pool, zone, pods }) =>
            pods.filter(({ workload }) => workload === "bridge").map(() => `${pool.name} ${zone.at(-1)}`),
        );
        assert.deepEqual(bridges, ["kafka b", "kafka b", "kafka c", "kafka d"]);
    });

    it("reports the pods that fit on no machine", () => {
        const environment = environmentOf([projectOf("one", { memory: "64Gi" })]);
        const { nodes: all, tooLarge } = pack(environment, environment.gke!);
        assert.deepEqual(
            tooLarge.map(({ project, workload }) => `${project}/${workload}`),
            ["one/kafka", "one/kafka", "one/kafka"],
        );
        assert.equal(all.length, 3);
    });
});
