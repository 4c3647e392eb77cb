import assert from "node:assert/strict";
import { policies } from "../../policy/policies.ts";
import { breaking, type Case, harmless } from "./cases.ts";
import { broken, violations } from "./evaluate.ts";
import { changed, good, type Resource } from "./resources.ts";

/** Kinds that no stack may have, whatever they say. */
const FORBIDDEN: Record<string, readonly string[]> = {
    "no-kubernetes-roles": ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"].map(
        (kind) => `kubernetes:rbac.authorization.k8s.io/v1:${kind}`,
    ),
    "grant-adds-only": ["gcp:projects/iAMBinding:IAMBinding", "gcp:projects/iAMPolicy:IAMPolicy"],
};

const OVER_STACKS = ["set-has-budget", "namespace-denies-by-default"];
/** What rules over the whole stack want beside a resource of a kind. */
const BESIDE: Partial<Record<Case[0], Resource>> = { set: good.budget, namespace: good.denial };

const title = ([kind, path, value]: Case) =>
    `${kind} ${path.join(".")} ${value === undefined ? "missing" : JSON.stringify(value)}`;

/** A changed resource among those that a rule over the whole stack wants beside it. */
const stackOf = ([kind, path, value]: Case): Resource[] => {
    const beside = BESIDE[kind];
    return [changed(kind, path, value), ...(beside ? [beside] : [])];
};

describe("the policy pack", () => {
    it("has no rule without a case that breaks it, and no two of one name", () => {
        const tested = [...Object.keys(breaking), ...Object.keys(FORBIDDEN), ...OVER_STACKS];
        assert.deepEqual(policies.map(({ name }) => name).sort(), tested.sort());
        for (const [rule, cases] of Object.entries(breaking)) {
            assert(cases.length > 0, rule);
        }
    });

    it("is silent on resources that are as they should be", () => {
        assert.deepEqual(violations(Object.values(good)), []);
    });

    it("stops all that breaks it, but for what is advice", () => {
        const advice = policies.filter(({ enforcementLevel }) => enforcementLevel !== "mandatory");
        assert.deepEqual(
            advice.map(({ name, enforcementLevel }) => [name, enforcementLevel]),
            [
                ["storage-retained", "advisory"],
                ["cluster-deletion-protected", "advisory"],
            ],
        );
    });

    it("says of each rule, in sentences, what holds and what to do", () => {
        for (const { description } of policies) {
            assert.match(description, /^[A-Z].+\.$/);
        }
        for (const cases of Object.values(breaking)) {
            for (const one of cases) {
                for (const { message } of violations(stackOf(one))) {
                    assert.match(message, /^[A-Z].+[^.]\.$/);
                }
            }
        }
    });
});

for (const [rule, cases] of Object.entries(breaking)) {
    describe(`the rule ${rule}`, () => {
        for (const one of cases) {
            it(`fires, and no other does, on ${title(one)}`, () => {
                assert.deepEqual(broken(...stackOf(one)), [rule]);
            });
        }
    });
}

for (const [rule, types] of Object.entries(FORBIDDEN)) {
    describe(`the rule ${rule}`, () => {
        for (const type of types) {
            it(`fires on any ${type}`, () => {
                assert.deepEqual(broken({ type, name: "any", inputs: {} }), [rule]);
            });
        }
    });
}

describe("no rule", () => {
    for (const one of harmless) {
        it(`fires on ${title(one)}`, () => {
            assert.deepEqual(broken(...stackOf(one)), []);
        });
    }
});

describe("the rules over pods", () => {
    for (const [kind, rules] of Object.entries({
        "apps/v1:Deployment": ["pod-no-host-namespaces", "pod-probes"],
        "apps/v1:DaemonSet": ["pod-no-host-namespaces", "pod-probes"],
        "batch/v1:Job": ["pod-no-host-namespaces"],
    })) {
        it(`hold for a ${kind} too`, () => {
            const { template } = structuredClone(good.set.inputs.spec);
            const [container] = template.spec.containers;
            const { livenessProbe: _, ...unwatched } = container!;
            const pod = { ...template.spec, containers: [unwatched], hostNetwork: true };
            const inputs = { spec: { template: { ...template, spec: pod } } };
            assert.deepEqual(broken({ type: `kubernetes:${kind}`, name: "other", inputs }), rules);
        });
    }
});
