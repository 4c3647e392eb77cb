import assert from "node:assert/strict";
import { planOf, planText } from "../../config/plan.ts";
import { fleet, projectOf } from "./fleet.ts";

const environment = {
    ...fleet(
        [projectOf("billing"), projectOf("pipelines", { brokers: 5, cpu: 3, memory: "10Gi" })],
        [
            { name: "kafka", servers: ["kafka"], maxPerZone: 3 },
            { name: "zookeeper", servers: ["zookeeper"], minPerZone: 1 },
        ],
    ),
    warnings: ["zones: look at this"],
};

describe("plan", () => {
    it("shows people nodes, Projects, cost, what it lacks and warnings", () => {
        assert.equal(planText(planOf(environment)), "");
    });

    it("is plain data with the same figures", () => {
        const plan = planOf(environment);
        assert.deepEqual(JSON.parse(JSON.stringify(plan)), plan);
        assert.deepEqual(plan.pools[0], {});
        assert.deepEqual(plan.projects[1], {});
    });

    it("has no pools and no cost without gke", () => {
        const { gke: _, ...others } = environment;
        const plan = planOf({ ...others, warnings: [] });
        assert.deepEqual([plan.pools, plan.cost], [[], null]);
        assert.equal(planText(plan), "");
    });
});
