import assert from "node:assert/strict";
import type { Environment } from "../../config/schema/environment.ts";
import { capacityIssues, capacityWarnings } from "../../planning/capacity.ts";
import { bridgeOf, environmentOf, projectOf } from "../config/fixtures.ts";

const texts = (environment: Environment) =>
    capacityIssues(environment).map(({ path, message }) => `${path}: ${message}`);

describe("capacity of the node pools", () => {
    it("is not checked without gke", () => {
        const { gke: _, ...environment } = environmentOf([projectOf("one", { memory: "900Gi" })]);
        assert.deepEqual(capacityIssues(environment), []);
        assert.deepEqual(capacityWarnings(environment), []);
    });

    it("suffices where every pod fits on a node", () => {
        assert.deepEqual(texts(environmentOf([projectOf("one")])), []);
    });

    it("names the pool, the zones and the number of nodes that suffices", () => {
        const projects = [
            projectOf("one", { cpu: 2 }),
            projectOf("two", { cpu: 2 }),
            projectOf("three", { cpu: 2 }),
        ];
        assert.deepEqual(texts(environmentOf(projects)), [
            "gke.nodePools[0].maxPerZone: 2 is too few: the pods of all Projects need up to 3 nodes of pool servers in europe-west1-b, europe-west1-c, europe-west1-d; set it to 3 or more",
        ]);
    });

    it("counts a node for each broker of a zone, however small", () => {
        assert.deepEqual(texts(environmentOf([projectOf("one", { brokers: 7, cpu: "100m" })])), [
            "gke.nodePools[0].maxPerZone: 2 is too few: the pods of all Projects need up to 3 nodes of pool servers in europe-west1-b; set it to 3 or more",
        ]);
    });

    it("counts a node for each pod of a bridge in a zone", () => {
        const withBridge = environmentOf([projectOf("one", {}, {}, { bridge: bridgeOf(7) })]);
        assert.deepEqual(texts(withBridge), [
            "gke.nodePools[0].maxPerZone: 2 is too few: the pods of all Projects need up to 3 nodes of pool servers in europe-west1-b; set it to 3 or more",
        ]);
    });

    it("names the bridge whose pods fit on no machine", () => {
        const bridge = { ...bridgeOf(1), memory: "14Gi" };
        assert.deepEqual(texts(environmentOf([projectOf("one", {}, {}, { bridge })])), [
            "gke.nodePools[0].machineType: n2-standard-4 has room for 3.46 CPUs and 12.1 GiB, too little for a bridge pod of one, which need up to 0.25 CPUs and 14 GiB; use n2-highmem-4",
        ]);
    });

    it("names a machine type on which every pod fits", () => {
        const projects = [projectOf("one", { cpu: 6 }), projectOf("two", { memory: "23Gi" })];
        assert.deepEqual(texts(environmentOf(projects)), [
            "gke.nodePools[0].machineType: n2-standard-4 has room for 3.46 CPUs and 12.1 GiB, too little for a broker of one and a broker of two, which need up to 6 CPUs and 23 GiB; use n2-standard-8",
        ]);
        assert.deepEqual(texts(environmentOf(projects, [{ machineType: "n2-standard-8" }])), []);
    });

    it("names another family where the pool's has no machine that large, and says when none has", () => {
        const pools = [{ machineType: "e2-standard-32" }];
        assert.deepEqual(texts(environmentOf([projectOf("one", { memory: "200Gi" })], pools)), [
            "gke.nodePools[0].machineType: e2-standard-32 has room for 31.39 CPUs and 115.7 GiB, too little for a broker of one, which need up to 1 CPU and 200 GiB; use n2-highmem-32",
        ]);
        assert.match(
            texts(environmentOf([projectOf("one", { cpu: 500 })], pools))[0]!,
            /no known machine type has that much; request less$/,
        );
    });

    it("names the known families where a machine type is unknown", () => {
        assert.deepEqual(texts(environmentOf([projectOf("one")], [{ machineType: "n2-standard-12" }])), [
            "gke.nodePools[0].machineType: n2-standard-12 is not a known machine type; choose one of the families e2, n2, n2d, n4, n4d, c2, c2d, c3, c3d, c4, t2d",
        ]);
    });

    it("warns where no node is spare, and not where one is", () => {
        const full = environmentOf([projectOf("one", { brokers: 4 })]);
        assert.deepEqual(capacityWarnings(full), [
            "gke.nodePools[0].maxPerZone: all 2 nodes of pool servers in europe-west1-b will be in use, with none to spare if one fails; 3 leave one",
        ]);
        assert.deepEqual(
            capacityWarnings(environmentOf([projectOf("one", { brokers: 4 })], [{ maxPerZone: 3 }])),
            [],
        );
        assert.deepEqual(capacityWarnings(environmentOf([projectOf("one")], [{ maxPerZone: 1 }])), [
            "gke.nodePools[0].maxPerZone: the only node of pool servers in europe-west1-b, europe-west1-c, europe-west1-d will be in use, with none to spare if one fails; 2 leave one",
        ]);
    });

    it("suffices once the numbers of its errors are set", () => {
        let seed = 7;
        const random = (below: number) => {
            seed = (seed * 48_271) % 2_147_483_647;
            return seed % below;
        };
        let invalid = 0;
        for (let run = 0; run < 200; run++) {
            const projects = Array.from({ length: 1 + random(6) }, (_, i) =>
                projectOf(
                    `p${i}`,
                    { brokers: 1 + random(9), cpu: `${100 + random(3000)}m`, memory: `${2 + random(10)}Gi` },
                    { servers: random(2) === 0 ? 3 : 5, cpu: `${100 + random(1500)}m` },
                    random(2) === 0 ? {} : { bridge: bridgeOf(1 + random(9)) },
                ),
            );
            const servers = ["kafka", "zookeeper"];
            const pools = [
                { name: "a", servers, maxPerZone: 1 + random(3) },
                {
                    name: "b",
                    servers: random(2) === 0 ? servers : ["kafka"],
                    machineType: "n2-highmem-4",
                    maxPerZone: 1,
                },
            ];
            const issues = capacityIssues(environmentOf(projects, pools));
            if (issues.length > 0) {
                invalid++;
            }
            for (const { path, message } of issues) {
                const i = Number(/^gke\.nodePools\[(\d)\]\.maxPerZone$/.exec(path)?.[1]);
                pools[i]!.maxPerZone = Number(/set it to (\d+) or more$/.exec(message)?.[1]);
            }
            assert.deepEqual(texts(environmentOf(projects, pools)), []);
        }
        assert(invalid > 50, `only ${invalid} of 200 had too few nodes`);
    });
});
