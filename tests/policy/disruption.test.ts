import assert from "node:assert/strict";
import { violations } from "./evaluate.ts";
import { changed, good, type Resource } from "./resources.ts";

const MISSING = {
    rule: "statefulset-has-budget",
    level: "mandatory",
    resource: "kubernetes:apps/v1:StatefulSet demo-kafka-servers-statefulset",
    message:
        "Add a PodDisruptionBudget to namespace demo whose matchLabels select the pods of StatefulSet kafka.",
};
const SELECTOR = ["spec", "selector"];

describe("the rule statefulset-has-budget", () => {
    for (const [what, others] of Object.entries<Resource[]>({
        "without any budget": [],
        "whose budget is in another namespace": [changed("budget", ["metadata", "namespace"], "other")],
        "whose budget selects others": [
            changed("budget", SELECTOR, { matchLabels: { "app.kubernetes.io/name": "zookeeper" } }),
        ],
        "whose budget asks for a label more": [
            changed("budget", [...SELECTOR, "matchLabels", "app.kubernetes.io/part-of"], "unity-kafka"),
        ],
        "whose budget has expressions": [
            changed("budget", [...SELECTOR, "matchExpressions"], [{ key: "a", operator: "DoesNotExist" }]),
        ],
        "whose budget selects nothing by name": [changed("budget", SELECTOR, {})],
    })) {
        it(`fires on a StatefulSet ${what}`, () => {
            assert.deepEqual(violations([good.statefulSet, ...others]), [MISSING]);
        });
    }

    it("is silent where one budget of several selects the StatefulSet", () => {
        const other = changed("budget", SELECTOR, { matchLabels: { "app.kubernetes.io/name": "zookeeper" } });
        assert.deepEqual(violations([other, good.statefulSet, good.budget]), []);
    });
});
