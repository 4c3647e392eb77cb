import assert from "node:assert/strict";
import { violations } from "./evaluate.ts";
import { changed, good, type Resource } from "./resources.ts";

const MISSING = {
    rule: "namespace-denies-by-default",
    level: "mandatory",
    resource: "kubernetes:core/v1:Namespace demo-namespace",
    message:
        "Add a NetworkPolicy to namespace demo with an empty podSelector, policyTypes Ingress and Egress, and no rules.",
};

describe("the rule namespace-denies-by-default", () => {
    for (const [what, others] of Object.entries<Resource[]>({
        "without a network policy": [],
        "whose policy is in another namespace": [changed("denial", ["metadata", "namespace"], "other")],
        "whose policy is for some pods only": [
            changed("denial", ["spec", "podSelector"], { matchLabels: { a: "b" } }),
        ],
        "whose policy selects no pods": [changed("denial", ["spec", "podSelector"], undefined)],
        "whose policy leaves out egress": [changed("denial", ["spec", "policyTypes"], ["Ingress"])],
        "whose policy allows all ingress": [changed("denial", ["spec", "ingress"], [{}])],
        "whose policy allows all egress": [changed("denial", ["spec", "egress"], [{}])],
    })) {
        it(`fires on a namespace ${what}`, () => {
            assert.deepEqual(violations([good.namespace, ...others]), [MISSING]);
        });
    }

    it("is silent where one policy of several denies all", () => {
        const other = changed("denial", ["spec", "ingress"], [{}]);
        assert.deepEqual(violations([other, good.namespace, good.denial]), []);
    });
});
