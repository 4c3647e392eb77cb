import assert from "node:assert/strict";
import { policies } from "../../policy/policies.ts";
import { type Case, harmless, violating } from "./cases.ts";
import { violated, violations } from "./evaluate.ts";
import { changed, good, type Resource } from "./resources.ts";

/** Kinds that no stack may have, whatever their inputs. */
const FORBIDDEN: Record<string, readonly string[]> = {
    "no-kubernetes-roles": ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"].map(
        (kind) => `kubernetes:rbac.authorization.k8s.io/v1:${kind}`,
    ),
    "grant-adds-only": ["gcp:projects/iAMBinding:IAMBinding", "gcp:projects/iAMPolicy:IAMPolicy"],
};

const OVER_STACKS = ["statefulset-has-budget", "namespace-denies-by-default"];
/** What rules over the whole stack want beside a resource of a kind. */
const BESIDE: Partial<Record<Case[0], Resource>> = { statefulSet: good.budget, namespace: good.denial };

const title = ([kind, path, value]: Case) =>
    `${kind} ${path.join(".")} ${value === undefined ? "missing" : JSON.stringify(value)}`;

/** A changed resource among those that a rule over the whole stack wants beside it. */
const stackOf = ([kind, path, value]: Case): Resource[] => {
    const beside = BESIDE[kind];
    return [changed(kind, path, value), ...(beside ? [beside] : [])];
};

describe("the policy pack", () => {
    it("has a case that violates each rule, and no two rules of one name", () => {
        const tested = [...Object.keys(violating), ...Object.keys(FORBIDDEN), ...OVER_STACKS];
        assert.deepEqual(policies.map(({ name }) => name).sort(), tested.sort());
        for (const [rule, cases] of Object.entries(violating)) {
            assert(cases.length > 0, rule);
        }
    });

    it("reports nothing on resources that comply", () => {
        assert.deepEqual(violations(Object.values(good)), []);
    });

    it("has two advisory rules, and mandatory ones otherwise", () => {
        const advisory = policies.filter(({ enforcementLevel }) => enforcementLevel !== "mandatory");
        assert.deepEqual(
            advisory.map(({ name, enforcementLevel }) => [name, enforcementLevel]),
            [
                ["storage-retained", "advisory"],
                ["cluster-deletion-protected", "advisory"],
            ],
        );
    });

    it("describes each rule, and how to comply, in sentences", () => {
        for (const { description } of policies) {
            assert.match(description, /^[A-Z].+\.$/);
        }
        for (const cases of Object.values(violating)) {
            for (const one of cases) {
                for (const { message } of violations(stackOf(one))) {
                    assert.match(message, /^[A-Z].+[^.]\.$/);
                }
            }
        }
    });
});

for (const [rule, cases] of Object.entries(violating)) {
    describe(`the rule ${rule}`, () => {
        for (const one of cases) {
            it(`fires, and no other does, on ${title(one)}`, () => {
                assert.deepEqual(violated(...stackOf(one)), [rule]);
            });
        }
    });
}

for (const [rule, types] of Object.entries(FORBIDDEN)) {
    describe(`the rule ${rule}`, () => {
        for (const type of types) {
            it(`fires on any ${type}`, () => {
                assert.deepEqual(violated({ type, name: "any", inputs: {} }), [rule]);
            });
        }
    });
}

describe("no rule", () => {
    for (const one of harmless) {
        it(`fires on ${title(one)}`, () => {
            assert.deepEqual(violated(...stackOf(one)), []);
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
            const { template } = structuredClone(good.statefulSet.inputs.spec);
            const [container] = template.spec.containers;
            const { livenessProbe: _, ...unwatched } = container!;
            const pod = { ...template.spec, containers: [unwatched], hostNetwork: true };
            const inputs = { spec: { template: { ...template, spec: pod } } };
            assert.deepEqual(violated({ type: `kubernetes:${kind}`, name: "other", inputs }), rules);
        });
    }

    it("a cluster without an IP endpoint needs no authorized networks", () => {
        const { masterAuthorizedNetworksConfig: _, ...inputs } = good.cluster.inputs;
        const closed = { controlPlaneEndpointsConfig: { ipEndpointsConfig: { enabled: false } } };
        assert.deepEqual(violated({ ...good.cluster, inputs: { ...inputs, ...closed } }), []);
    });
});
