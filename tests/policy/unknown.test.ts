import assert from "node:assert/strict";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc.js";
import { render, stacks } from "../golden/golden.ts";
import { UNKNOWN } from "../golden/google.ts";
import { type Case, violating } from "./cases.ts";
import { ACCEPTED, evaluate } from "./evaluate.ts";
import { changed, good, type Resource } from "./resources.ts";

/** Types whose provider waits for the cluster: rules over the stack see them without properties until then. */
const OF_CLUSTER = /^(kubernetes|unity):/;

/** What the engine shows of a program's resources in the first preview of an environment. */
async function firstPreview(stack: string): Promise<Resource[]> {
    const text = await render(stack, undefined, "first-preview");
    const { resources } = JSON.parse(text.replaceAll(UNKNOWN, unknownValue)) as { resources: Resource[] };
    return resources.map((resource) =>
        OF_CLUSTER.test(resource.type) ? { ...resource, outputs: {} } : resource,
    );
}

describe("the policy pack in the first preview of an environment", () => {
    for (const stack of stacks) {
        let resources: Resource[];
        before(async () => {
            resources = await firstPreview(stack);
        });

        it(`finds nothing that is not so in ${stack}, and skips no rule but those about the nodes' account`, () => {
            const { violations, skipped } = evaluate(resources);
            assert.deepEqual([...new Set(violations.map(({ rule }) => rule))], ACCEPTED[stack] ?? []);
            const rules = [...new Set(skipped.map(({ rule }) => rule))].sort();
            assert.deepEqual(rules, stack === "local" ? [] : ["grant-known-member", "pool-own-account"]);
        });

        it(`still finds a namespace and a StatefulSet of ${stack} that nothing protects`, () => {
            const bare = resources.filter(({ type }) => !/NetworkPolicy$|PodDisruptionBudget$/.test(type));
            const count = (type: RegExp) => bare.filter((resource) => type.test(resource.type)).length;
            const rules = evaluate(bare)
                .violations.map(({ rule }) => rule)
                .filter((rule) => !ACCEPTED[stack]?.includes(rule));
            assert.deepEqual(rules, [
                ...Array<string>(count(/:Namespace$/)).fill("namespace-denies-by-default"),
                ...Array<string>(count(/:StatefulSet$/)).fill("statefulset-has-budget"),
            ]);
            assert(rules.length >= 3);
        });
    }
});

/** A resource of which nothing is known but its type. */
function unknown({ type, name, inputs }: Resource): Resource {
    const all = Object.fromEntries(Object.keys(inputs).map((key) => [key, unknownValue]));
    return { type, name: `${name}-unknown`, inputs: all, outputs: {} };
}

/** Entries put before those of lists, of which nothing is known. */
function amongUnknown(value: unknown): unknown {
    if (Array.isArray(value)) {
        const entries = value.map(amongUnknown);
        const blocks = value.some((entry) => typeof entry === "object");
        return blocks ? [unknownValue, ...entries] : entries;
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, amongUnknown(inner)]));
}

describe("unknown values", () => {
    it("are no violations by themselves", () => {
        const all = Object.values<Resource>(good);
        assert.deepEqual(evaluate(all.map(unknown)).violations, []);
        assert.deepEqual(evaluate([...all, ...all.map(unknown)]).violations, []);
    });

    for (const [rule, cases] of Object.entries(violating)) {
        it(`do not hide a violation of ${rule} in another resource`, () => {
            for (const [kind, path, value] of cases) {
                const bad = changed(kind, path, value);
                const { violations } = evaluate([...Object.values<Resource>(good).map(unknown), bad]);
                assert(
                    violations.some((found) => found.rule === rule),
                    JSON.stringify([kind, path, value]),
                );
            }
        });
    }

    const inLists = (["pod", "statefulset", "cluster", "pool"] as const).flatMap((prefix) =>
        Object.entries(violating).filter(([rule]) => rule.startsWith(`${prefix}-`)),
    );
    /** Rules that something must hold for, rather than nothing against: an unknown entry may be what they want. */
    const WANT_ONE = ["statefulset-one-per-host", "pool-tainted"];
    for (const [rule, cases] of inLists.filter(([rule]) => !WANT_ONE.includes(rule))) {
        it(`do not hide a violation of ${rule} in another entry of the same list`, () => {
            for (const [kind, path, value] of cases as readonly Case[]) {
                const { inputs, ...bad } = changed(kind, path, value);
                const { violations } = evaluate([{ ...bad, inputs: amongUnknown(inputs) as object }]);
                assert(
                    violations.some((found) => found.rule === rule),
                    JSON.stringify([kind, path, value]),
                );
            }
        });
    }

    it("of a namespace do not make a rule complain of a budget that may be there", () => {
        const { inputs, ...budget } = changed("budget", ["metadata", "namespace"], unknownValue);
        const { violations, skipped } = evaluate([good.statefulSet, { ...budget, inputs }]);
        assert.deepEqual(violations, []);
        assert.deepEqual(skipped, []);
        const others = changed("budget", ["metadata", "namespace"], unknownValue);
        (others.inputs as typeof good.budget.inputs).spec.selector.matchLabels = {
            "app.kubernetes.io/name": "zookeeper",
        };
        assert.deepEqual(
            evaluate([good.statefulSet, others]).violations.map(({ rule }) => rule),
            ["statefulset-has-budget"],
        );
    });

    it("of a namespace do not hide that nothing protects it", () => {
        const nameless = changed("namespace", ["metadata", "name"], unknownValue);
        const homeless = changed("statefulSet", ["metadata", "namespace"], unknownValue);
        assert.deepEqual(
            evaluate([nameless, homeless]).violations.map(({ message }) => message),
            [
                "Add a NetworkPolicy to namespace not known yet with an empty podSelector, policyTypes Ingress and Egress, and no rules.",
                "Add a PodDisruptionBudget to namespace not known yet whose matchLabels select the pods of StatefulSet kafka.",
            ],
        );
    });
});
