import assert from "node:assert/strict";
import { planOf, planText } from "../../planning/plan.ts";
import { bridgeOf, environmentOf, projectOf } from "../config/fixtures.ts";

const environment = {
    ...environmentOf(
        [projectOf("billing"), projectOf("pipelines", { brokers: 5, cpu: 3, memory: "10Gi" })],
        [
            { name: "kafka", servers: ["kafka"], maxPerZone: 3 },
            { name: "zookeeper", servers: ["zookeeper"], minPerZone: 1 },
        ],
    ),
    warnings: ["zones: add a third"],
};

describe("plan", () => {
    it("shows nodes, Projects, cost, what has no price, and warnings", () => {
        assert.equal(
            planText(planOf(environment)),
            `POOL       MACHINE        ZONE            USED  NODES  MAX  SPARE
kafka      n2-standard-4  europe-west1-b     3      3    3      0
kafka      n2-standard-4  europe-west1-c     3      3    3      0
kafka      n2-standard-4  europe-west1-d     2      2    3      1
zookeeper  n2-standard-4  europe-west1-b     1      1    2      1
zookeeper  n2-standard-4  europe-west1-c     1      1    2      1
zookeeper  n2-standard-4  europe-west1-d     1      1    2      1

PROJECT    BROKERS  ZOOKEEPER   CPU  MEMORY     DISK  USD/MONTH
billing          3          3   4.5  15 GiB  330 GiB        255
pipelines        5          3  16.5  53 GiB  530 GiB        811

ESTIMATE                   USD/MONTH
nodes with boot disks           1771
volumes                          146
traffic between zones              0
management of the cluster         73
total                           1990
List prices of 2026-08-20, 730 hours, no discounts. A Project's cost is its share of the nodes, its volumes and its traffic.
Without traffic, as their size gives no throughput: billing, pipelines.

Warnings:
  zones: add a third`,
        );
    });

    it("is plain data with the same figures", () => {
        const plan = planOf(environment);
        assert.deepEqual(JSON.parse(JSON.stringify(plan)), plan);
        const [pool] = plan.pools;
        assert.deepEqual(
            [
                pool?.name,
                pool?.machineType,
                pool?.zones.map(({ used, nodes, max, spare }) => [used, nodes, max, spare]),
            ],
            [
                "kafka",
                "n2-standard-4",
                [
                    [3, 3, 3, 0],
                    [3, 3, 3, 0],
                    [2, 2, 3, 1],
                ],
            ],
        );
        assert.deepEqual(
            plan.projects.map(({ name, brokers }) => [name, brokers]),
            [
                ["billing", 3],
                ["pipelines", 5],
            ],
        );
    });

    it("counts the pods of a bridge in a Project's CPU and memory", () => {
        const [without, withBridge] = [{}, { bridge: bridgeOf(2) }].map(
            (others) => planOf(environmentOf([projectOf("one", {}, {}, others)])).projects[0]!,
        );
        assert.deepEqual([without!.cpu, without!.memory], [4.5, 15]);
        assert.deepEqual([withBridge!.cpu, withBridge!.memory], [5, 17]);
    });

    it("has no pools and no cost without gke", () => {
        const { gke: _, ...others } = environment;
        const plan = planOf({ ...others, warnings: [] });
        assert.deepEqual([plan.pools, plan.cost], [[], null]);
        assert.equal(
            planText(plan),
            `PROJECT    BROKERS  ZOOKEEPER   CPU  MEMORY     DISK
billing          3          3   4.5  15 GiB  330 GiB
pipelines        5          3  16.5  53 GiB  530 GiB

No cost: only the node pools of gke have prices.`,
        );
    });
});
