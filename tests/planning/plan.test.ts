import assert from "node:assert/strict";
import { planOf } from "../../planning/plan.ts";
import { planText } from "../../planning/planText.ts";
import { bridgeOf, environmentOf, projectOf } from "../config/fixtures.ts";

/** In the year of the prices: a test must not begin to fail by itself. */
const NOW = new Date("2026-12-01");

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
            planText(planOf(environment, NOW)),
            `POOL       MACHINE        ZONE            USED  NODES  MAX  SPARE
kafka      n2-standard-4  europe-west1-b     3      3    3      0
kafka      n2-standard-4  europe-west1-c     3      3    3      0
kafka      n2-standard-4  europe-west1-d     2      2    3      1
zookeeper  n2-standard-4  europe-west1-b     1      1    2      1
zookeeper  n2-standard-4  europe-west1-c     1      1    2      1
zookeeper  n2-standard-4  europe-west1-d     1      1    2      1

PROJECT    BROKERS  ZOOKEEPER   CPU  MEMORY     DISK  USD/MONTH  MANAGED KAFKA
billing          3          3   4.5  15 GiB  330 GiB        215            258
pipelines        5          3  16.5  53 GiB  530 GiB        667           1191

ESTIMATE                   USD/MONTH
nodes with boot disks           1428
volumes                          146
traffic between zones              0
management of the cluster         73
metrics                           28
total                           1674
List prices of 2026-08-20, 730 hours, less the discount for sustained use, before others. A Project's cost is its share of the nodes, its volumes and its traffic.
MANAGED KAFKA is what its Kafka would cost on Google's Managed Service for Apache Kafka, 1450 in all, at prices of 2026-11-28 in us-central1.
Without traffic, as their size gives no throughput: billing, pipelines.

Warnings:
  zones: add a third`,
        );
    });

    it("says what traffic consumers could spare, where brokers are ready for that", () => {
        const requirements = { throughput: { in: "30MB/s", out: "60MB/s" }, retention: "24h", peak: 2 };
        const text = (config: object) =>
            planText(planOf(environmentOf([projectOf("one", { config }, {}, { requirements })]), NOW));
        const selector = "org.apache.kafka.common.replica.RackAwareReplicaSelector";
        assert.match(
            text({ "replica.selector.class": selector }),
            /^Of the traffic, 979 are not due if every consumer sets its client\.rack\.$/m,
        );
        assert.doesNotMatch(text({}), /client\.rack/);
    });

    it("warns of prices that are older than a year, where it shows any", () => {
        const later = new Date("2028-01-01");
        const { gke: _, ...withoutCost } = environment;
        assert.match(planOf(environment, later).warnings.at(-1)!, /^Google's prices are of .*renew/);
        assert.deepEqual(planOf(withoutCost, later).warnings, environment.warnings);
    });

    it("is plain data with the same figures", () => {
        const plan = planOf(environment, NOW);
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

    it("counts the exporter of lags in a Project's CPU and memory", () => {
        const lagExporter = { heap: "96Mi", memory: "512Mi", cpu: "50m", interval: 30 };
        const [without, withExporter] = [{}, { lagExporter }].map(
            (others) => planOf(environmentOf([projectOf("one", {}, {}, others)])).projects[0]!,
        );
        assert.equal(withExporter!.cpu, without!.cpu + 0.05);
        assert.equal(withExporter!.memory, without!.memory + 0.5);
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
        const plan = planOf({ ...others, warnings: [] }, NOW);
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
