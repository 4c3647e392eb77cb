import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { logDir } from "../../common/paths.ts";
import { CERTIFICATE_EXPIRY } from "../../components/monitoring/certificateExpiry.ts";
import { run } from "../../local/exec.ts";
import { build } from "../../local/tools/build.ts";
import { goTools } from "../../local/tools/goTools.ts";
import { ALERTS, alertRules } from "../../monitoring/alerts.ts";

describe("the alerting rules", function () {
    // promtool is built on first use.
    this.timeout("15m");
    let promtool: string;
    before(async () => {
        promtool = await build(goTools.promtool, join(logDir, "tools.log"));
    });

    it("pass the linter of Prometheus", async () => {
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

    it("warn of an expiring certificate by the metric that servers export, and tell what to do", () => {
        const rules = alertRules().flatMap((group) => group.rules);
        const expiry = rules.filter(({ expr }) => expr.includes(CERTIFICATE_EXPIRY));
        assert.deepEqual(
            expiry.map(({ labels }) => labels.severity),
            ["warning", "critical"],
        );
        for (const { alert, annotations } of rules) {
            assert.match(annotations.description ?? "", /`unity /, `${alert} does not say what to do`);
        }
    });
});
