import assert from "node:assert/strict";
import { comparisonText } from "../../planning/comparison.ts";
import { planOf } from "../../planning/plan.ts";
import { environmentOf, projectOf } from "../config/fixtures.ts";

const NOW = new Date("2026-12-01");
const plan = (...projects: Parameters<typeof environmentOf>[0]) =>
    planOf(environmentOf(projects, [{ maxPerZone: 9 }]), NOW);

describe("the comparison of two plans", () => {
    const before = plan(projectOf("billing"), projectOf("clicks"), projectOf("former"));

    it("shows what changes of each Project and in total, before and after", () => {
        const after = plan(projectOf("billing", { brokers: 5 }), projectOf("clicks"), projectOf("added"));
        assert.equal(
            comparisonText(before, after, "main"),
            `Against main

CHANGE    BROKERS  ZOOKEEPER  CPU          MEMORY GiB  DISK GiB    NODES  USD/MONTH
billing   3 → 5    3          4.5 → 6.5    15 → 23     330 → 530          215 → 325 (+110)
- former  3 →      3 →        4.5 →        15 →        330 →              215 → (-215)
+ added   → 3      → 3        → 4.5        → 15        → 330              → 215 (+215)
total     9 → 11   9          13.5 → 15.5  45 → 53     990 → 1190  6      1054 → 1093 (+39)
1 Project stays the same.`,
        );
    });

    it("shows a new environment as one that was nothing before", () => {
        assert.equal(
            comparisonText(undefined, plan(projectOf("one")), "main"),
            `Against nothing: there is no such file in main

CHANGE  BROKERS  ZOOKEEPER  CPU    MEMORY GiB  DISK GiB  NODES  USD/MONTH
+ one   → 3      → 3        → 4.5  → 15        → 330            → 215 (+215)
total   → 3      → 3        → 4.5  → 15        → 330     → 3    → 530 (+530)`,
        );
    });

    it("says that nothing changes where nothing does", () => {
        assert.match(
            comparisonText(before, before, "main"),
            /^CHANGE .*\ntotal +9 +9 +13\.5 .* 1054\n3 Projects stay the same\.$/m,
        );
    });

    it("gives no difference of what has no price", () => {
        const unpriced = planOf(environmentOf([projectOf("one")], [{ machineType: "c3-standard-4" }]), NOW);
        const text = comparisonText(plan(projectOf("one")), unpriced, "main");
        assert.match(text, /^one .* 215 → no price$/m);
    });
});
