import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { logDir } from "../../common/paths.ts";
import { CERTIFICATE_EXPIRY } from "../../components/monitoring/jmxExporter.ts";
import { run } from "../../local/exec.ts";
import { build, goTools } from "../../local/tools/build.ts";
import { ALERTS, alertRules } from "../../monitoring/alerts.ts";

describe("the alerts", function () {
    // A new machine builds promtool first.
    this.timeout("15m");
    let promtool: string;
    before(async () => {
        promtool = await build(goTools.promtool, join(logDir, "tools.log"));
    });

    it("are rules that Prometheus takes, without what its linter objects to", async () => {
        await run([promtool, "check", "rules", "--lint=all", "--lint-fatal", ALERTS]);
    });

    it("fire when they should and not before", async () => {
        const folder = mkdtempSync(join(tmpdir(), "unity-alerts-"));
        try {
            const cases = readFileSync(join(import.meta.dirname, "alerts.promtool.yaml"), "utf8");
            const file = join(folder, "cases.yaml");
            writeFileSync(file, cases.replace("RULES", JSON.stringify(ALERTS)));
            await run([promtool, "test", "rules", file]);
        } finally {
            rmSync(folder, { recursive: true });
        }
    });

    it("watch the metric that servers export, and say how bad and what to do", () => {
        const rules = alertRules().flatMap((group) => group.rules);
        const ends = rules.filter(({ expr }) => expr.includes(CERTIFICATE_EXPIRY));
        assert.deepEqual(
            ends.map(({ labels }) => labels.severity),
            ["warning", "critical"],
        );
        for (const { alert, annotations } of rules) {
            assert.match(annotations.description ?? "", /`unity /, `${alert} says what to do`);
        }
    });
});
