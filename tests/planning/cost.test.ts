import assert from "node:assert/strict";
import type { Environment } from "../../config/schema/environment.ts";
import { requirementsSchema } from "../../config/schema/requirements.ts";
import { pack } from "../../planning/binPacking.ts";
import { costOf } from "../../planning/cost.ts";
import { crossZoneTraffic } from "../../planning/crossZoneTraffic.ts";
import { bridgeOf, environmentOf, projectOf } from "../config/fixtures.ts";

const requirements = requirementsSchema.parse({
    throughput: { in: "30MB/s", out: "60MB/s" },
    retention: "24h",
});

function cost(environment: Environment) {
    return costOf(environment, environment.gke!, pack(environment, environment.gke!));
}

const near = (actual: number | null, expected: number) =>
    assert(actual !== null && Math.abs(actual - expected) < 0.01, `${actual}, not ${expected}`);

describe("traffic between zones", () => {
    const MB = 1e6;
    const { kafka } = projectOf("one");
    const traffic = (...args: Parameters<typeof crossZoneTraffic>) => {
        const { written, read } = crossZoneTraffic(...args)!;
        return (written + read) / MB;
    };

    it("is two further replicas, two thirds of what is written and two thirds of what is read", () => {
        near(traffic({ requirements, kafka }, 3), 2 * 30 + 20 + 40);
    });

    it("includes what is read where consumers may read in their own zone, and says how much that could spare", () => {
        const config = {
            "replica.selector.class": "org.apache.kafka.common.replica.RackAwareReplicaSelector",
        };
        const following = { requirements, kafka: { ...kafka, config } };
        near(traffic(following, 3), 2 * 30 + 20 + 40);
        near(crossZoneTraffic(following, 3)!.avoidable / MB, 40);
        assert.equal(crossZoneTraffic({ requirements, kafka }, 3)!.avoidable, 0);
    });

    it("depends on the number of zones", () => {
        // Of 3 replicas 2 are in one zone: a leader has on average 4/3 replicas in the other.
        near(traffic({ requirements, kafka }, 2), (4 / 3) * 30 + 15 + 30);
        assert.equal(traffic({ requirements, kafka }, 1), 0);
    });

    it("is unknown without requirements", () => {
        assert.equal(crossZoneTraffic({ kafka }, 3), undefined);
    });
});

describe("cost of an environment", () => {
    it("includes the pool of the cluster's own pods, though no server runs there", () => {
        const environment = environmentOf([projectOf("one")]);
        const systemPool = {
            ...environment.gke!.nodePools[0]!,
            name: "system",
            servers: [],
            machineType: "e2-standard-2",
            minPerZone: 2,
        };
        const without = cost(environment);
        const withPool = cost({ ...environment, gke: { ...environment.gke!, systemPool } });
        near(withPool.nodes - without.nodes, 3 * 2 * ((2 * 0.023993 + 8 * 0.003216) * 730 + 50 * 0.1));
        assert.deepEqual(withPool.projects, without.projects);
    });

    it("is that of its nodes, volumes, traffic and cluster at list prices", () => {
        const { projects, ...sums } = cost(environmentOf([projectOf("one", {}, {}, { requirements })]));
        // n2 in europe-west1: 0.034773 USD an hour for a vCPU, 0.004661 for a GiB; pd-balanced 0.10 a GiB.
        // A machine of n2 that runs the whole month costs a fifth less.
        const machine = (4 * 0.034773 + 16 * 0.004661) * 730 * 0.8;
        near(sums.nodes, 3 * (machine + 50 * 0.1));
        near(sums.disks, 3 * (100 + 10) * 0.17);
        near(sums.traffic, ((120e6 * 3600 * 730) / 1024 ** 3) * 0.01);
        near(sums.cluster, 73);
        near(sums.metrics, 11.4);
        near(sums.total, 3 * (machine + 5) + 56.1 + 2937.02 + 73 + 11.4);
        assert.deepEqual(sums.noPrice, []);
        // Of 3.46 CPUs and 12.168 GiB a broker and a ZooKeeper server request 1.5 and 5.
        const [one] = projects;
        const share = 0.8 * ((4 * 0.034773 * 730 * 1.5) / 3.46 + (16 * 0.004661 * 730 * 5) / 12.16875);
        near(one!.machines, 3 * share);
        near(one!.total, 3 * share + 56.1 + 2937.02);
    });

    it("counts the pods of a bridge in the Project's share of the nodes", () => {
        const share = (bridge: object) =>
            cost(environmentOf([projectOf("one", {}, {}, bridge)])).projects[0]!.machines!;
        const pod = 0.8 * ((4 * 0.034773 * 730 * 0.25) / 3.46 + (16 * 0.004661 * 730 * 1) / 12.16875);
        near(share({ bridge: bridgeOf(2) }) - share({}), 2 * pod);
    });

    it("counts the nodes that a pool keeps, used or not", () => {
        const one = cost(environmentOf([projectOf("one")], [{ minPerZone: 1 }]));
        near(cost(environmentOf([projectOf("one")], [{ minPerZone: 2 }])).nodes, 2 * one.nodes);
        near(cost(environmentOf([], [{ minPerZone: 2 }])).nodes, 2 * one.nodes);
    });

    it("never gives Projects a larger share than the nodes cost", () => {
        const { projects, nodes } = cost(
            environmentOf([projectOf("one", { cpu: 3 }), projectOf("two", { memory: "10Gi" })]),
        );
        assert(projects.reduce((all, { machines }) => all + machines!, 0) < nodes);
    });

    it("names what has no price and leaves it out, rather than guess", () => {
        const spot = [
            { machineType: "c3-standard-4", servers: ["kafka"] },
            { name: "zk", servers: ["zookeeper"], spot: true },
        ];
        const storageClasses = [{ name: "ssd", disk: "hyperdisk-balanced" }];
        const { projects, nodes, disks, noPrice } = cost(
            environmentOf([projectOf("one")], spot, { storageClasses }),
        );
        const [{ managedKafka, ...one }] = projects as [(typeof projects)[number]];
        assert(managedKafka > 0);
        assert.deepEqual(one, {
            machines: null,
            disks: null,
            traffic: null,
            avoidableTraffic: 0,
            total: null,
        });
        assert.deepEqual(noPrice, ["hyperdisk-balanced disks", "c3 machines", "spot nodes of pool zk"]);
        near(nodes, 6 * 5);
        assert.equal(disks, 0);
    });
});
