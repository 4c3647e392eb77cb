import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stackNames } from "../../cli/stackFiles.ts";
import { root } from "../../common/paths.ts";
import { unity } from "./command.ts";

describe("unity plan", () => {
    let folder: string;
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "unity-plan-"));
    });
    after(() => rmSync(folder, { recursive: true }));

    function changed(from: string, to: string): string {
        const path = join(folder, "Pulumi.x.yaml");
        writeFileSync(path, readFileSync(join(root, "Pulumi.prod.yaml"), "utf8").replace(from, to));
        return path;
    }

    it("shows the plan of a stack", () => {
        const { status, stdout, stderr } = unity("plan", "--stack", "prod");
        assert.equal(stderr, "");
        assert.equal(status, 0);
        assert.match(stdout, /^Pulumi\.prod\.yaml\n\nPOOL +MACHINE +ZONE +USED +NODES +MAX +SPARE\n/);
        assert.match(stdout, /^pipelines +5 +5 +30\.05 +95\.31 GiB +2750 GiB +\d+ +\d+$/m);
        assert.match(stdout, /^total +\d+$/m);
    });

    it("shows the plans of all stacks of this checkout where none is named", () => {
        const { stdout } = unity("plan");
        assert.deepEqual(
            [...stdout.matchAll(/^Pulumi\.(\w+)\.yaml$/gm)].map(([, stack]) => stack),
            stackNames(),
        );
    });

    it("prints one JSON document on request: the plans, each with its file", () => {
        const { plans } = JSON.parse(unity("plan", "--stack", "dev", "-o", "json").stdout);
        assert.equal(plans.length, 1);
        assert.equal(plans[0].file, "Pulumi.dev.yaml");
        assert.equal(plans[0].projects[0].name, "sandbox");
    });

    it("shows what changes against a file with --base, in text and as data", () => {
        const before = join(root, "Pulumi.prod.yaml");
        const after = changed("size: medium", "size: small");
        const { status, stdout, stderr } = unity("plan", after, "--base", before);
        assert.deepEqual([status, stderr], [0, ""]);
        assert.match(
            stdout,
            /\n\nAgainst \/.*Pulumi\.prod\.yaml\n\nCHANGE .*\npipelines +5 → 3 +5 +30\.05 → 16\.05 .*\ntotal /,
        );
        const [plan] = JSON.parse(unity("plan", after, "--base", before, "-o", "json").stdout).plans;
        assert.deepEqual(
            [plan.base.projects[0].brokers, plan.projects[0].brokers, plan.base.cost.total > plan.cost.total],
            [5, 3, true],
        );
        assert(!("base" in JSON.parse(unity("plan", after, "-o", "json").stdout).plans[0]));
    });

    it("reports an invalid base and shows the plan without a comparison", () => {
        const invalid = changed("size: medium", "size: none");
        const { status, stdout, stderr } = unity("plan", "--stack", "prod", "--base", invalid);
        assert.equal(status, 0);
        assert.match(stdout, /^total /m);
        assert.doesNotMatch(stdout, /Against/);
        assert.match(
            stderr,
            /^Pulumi\.prod\.yaml of .* has \d errors:\n.*"none" is not among sizes(.*\n)+So nothing is compared with it\n$/,
        );
    });

    it("says so when there is no such base (exit 2)", () => {
        const { status, stdout, stderr } = unity("plan", "--stack", "prod", "--base", "no-such-base");
        assert.deepEqual([status, stdout], [2, ""]);
        assert.match(
            stderr,
            /^unity: There is neither a file nor a commit no-such-base\. Name a stack file, /,
        );
    });

    it("says what does not fit and what would, and shows no plan (exit 1)", () => {
        const file = changed("maxPerZone: 3", "maxPerZone: 1");
        const { status, stdout, stderr } = unity("plan", file);
        assert.equal(status, 1);
        assert.equal(stdout, "");
        assert.match(stderr, /gke\.nodePools\[0\]\.maxPerZone: 1 .*kafka.*2/);
        assert.equal(unity("plan", changed("maxPerZone: 3", "maxPerZone: 2")).status, 0);
    });

    it("says which stacks there are when one is not (exit 2)", () => {
        const { status, stderr } = unity("plan", "--stack", "nope");
        assert.equal(status, 2);
        assert.match(
            stderr,
            /^unity: .*Pulumi\.nope\.yaml cannot be read \(ENOENT\)\. .*dev, local, prod\.\n$/,
        );
    });
});
