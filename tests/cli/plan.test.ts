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
        assert.match(stdout, /^pipelines +5 +5 +30 +95 GiB +2750 GiB +\d+$/m);
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
