import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { logDir, root } from "../../common/paths.ts";
import { CERTIFICATE_EXPIRY } from "../../components/monitoring/certificateExpiry.ts";
import { run } from "../../local/exec.ts";
import { build } from "../../local/tools/build.ts";
import { goTools } from "../../local/tools/goTools.ts";
import { type AlertsConfig, alertRules, DEFAULT_ALERTS, projectAlertRules } from "../../monitoring/alerts.ts";
import { ALERTS_FILE } from "../../monitoring/write.ts";

/** A file of promtool, as far as it is read. */
interface Cases {
    readonly tests: readonly { readonly input_series: { series: string; values: string }[] }[];
}

/** What has an underscore in expressions and is no metric. */
const FUNCTIONS = ["last_over_time", "max_over_time", "predict_linear"];

describe("the alerting rules", function () {
    // promtool is built on first use.
    this.timeout("15m");
    let promtool: string;
    before(async () => {
        promtool = await build(goTools.promtool, join(logDir, "tools.log"));
    });

    /** Those of the file and of the namespace demo, with what config changes. */
    const rulesOf = (changes: AlertsConfig = {}) =>
        projectAlertRules("demo", { ...DEFAULT_ALERTS, ...changes }).flatMap(({ rules }) => rules);

    it("in the file are those of the program, with its defaults", () => {
        assert.deepEqual(parse(readFileSync(ALERTS_FILE, "utf8")), { groups: alertRules(DEFAULT_ALERTS) });
    });

    it("pass the linter of Prometheus", async () => {
        await run([promtool, "check", "rules", "--lint=all", "--lint-fatal", ALERTS_FILE]);
    });

    /** Runs cases of promtool with the rules in a file. */
    async function test(cases: string, rules: string): Promise<void> {
        const folder = mkdtempSync(join(tmpdir(), "unity-alerts-"));
        try {
            const file = join(folder, "cases.yaml");
            writeFileSync(file, cases.replace("RULES", JSON.stringify(rules)));
            await run([promtool, "test", "rules", file]);
        } finally {
            rmSync(folder, { recursive: true });
        }
    }

    for (const name of ["alerts", "servers"]) {
        it(`fire when they should and not before (${name})`, async () => {
            await test(readFileSync(join(import.meta.dirname, `${name}.promtool.yaml`), "utf8"), ALERTS_FILE);
        });
    }

    it("fire by the threshold and the time that config gives them, and never where it has none of them", async () => {
        const folder = mkdtempSync(join(tmpdir(), "unity-alerts-"));
        const rules = join(folder, "rules.yaml");
        const changed = {
            ...DEFAULT_ALERTS,
            UnityKafkaDiskAlmostFull: { enabled: true, for: "30m", threshold: 7 },
            UnityKafkaDiskFullSoon: { enabled: false, for: "1h", threshold: 4 },
            UnityKafkaProduceLatency: { enabled: true, for: "15m", threshold: 2000 },
        };
        try {
            writeFileSync(rules, stringify({ groups: projectAlertRules("demo", changed) }));
            await run([promtool, "check", "rules", "--lint=all", "--lint-fatal", rules]);
            await test(readFileSync(join(import.meta.dirname, "thresholds.promtool.yaml"), "utf8"), rules);
        } finally {
            rmSync(folder, { recursive: true });
        }
    });

    it("compare with the threshold of config, each that has one", () => {
        const lines = (threshold: (alert: string) => number | undefined) =>
            rulesOf(
                Object.fromEntries(
                    Object.entries(DEFAULT_ALERTS).map(([alert, settings]) => [
                        alert,
                        { ...settings, threshold: threshold(alert) },
                    ]),
                ),
            ).map(({ alert, expr }) => `${alert} ${expr}`);
        const defaults = lines((alert) => DEFAULT_ALERTS[alert]!.threshold);
        const others = lines((alert) => (DEFAULT_ALERTS[alert]!.threshold ?? 0) + 1);
        assert.deepEqual(
            defaults.filter((line, i) => line !== others[i]).map((line) => line.split(" ")[0]),
            Object.keys(DEFAULT_ALERTS).filter((alert) => DEFAULT_ALERTS[alert]!.threshold !== undefined),
        );
    });

    it("of a Project see its own namespace alone", async () => {
        const folder = mkdtempSync(join(tmpdir(), "unity-alerts-"));
        const rules = join(folder, "rules.yaml");
        try {
            writeFileSync(rules, stringify({ groups: projectAlertRules("demo", DEFAULT_ALERTS) }));
            await run([promtool, "check", "rules", "--lint=all", "--lint-fatal", rules]);
            // Each case that fires in demo, with another Project that is as bad.
            const cases = parse(
                readFileSync(join(import.meta.dirname, "servers.promtool.yaml"), "utf8"),
            ) as Cases;
            for (const { input_series } of cases.tests) {
                const others = input_series.map(({ series, values }) => ({
                    series: series.replace('namespace="demo"', 'namespace="other"'),
                    values,
                }));
                const known = new Set(input_series.map(({ series }) => series));
                input_series.push(...others.filter(({ series }) => !known.has(series)));
            }
            await test(stringify(cases, { lineWidth: 0 }), rules);
        } finally {
            rmSync(folder, { recursive: true });
        }
        for (const { expr } of rulesOf()) {
            const rest = expr.replaceAll(/\w+\{namespace="demo"[^}]*\}/g, "");
            const words = rest.match(/\w+_\w+/g) ?? [];
            assert.deepEqual(
                words.filter((word) => !FUNCTIONS.includes(word)),
                [],
                expr,
            );
        }
    });

    it("warn of an expiring certificate by the metric that servers export, and tell what to do", () => {
        const rules = rulesOf();
        const expiry = rules.filter(({ alert }) => alert.startsWith("UnityKafkaCertificate"));
        assert(expiry.every(({ expr }) => expr.includes(CERTIFICATE_EXPIRY)));
        assert.deepEqual(
            expiry.map(({ labels }) => labels.severity),
            ["warning", "critical"],
        );
        for (const { alert, annotations } of rules) {
            assert.match(annotations.description ?? "", /`unity /, `${alert} does not say what to do`);
        }
    });

    it("have each a section in the documentation, and no other has one", () => {
        const text = readFileSync(join(root, "docs", "alerts.md"), "utf8");
        const sections = [...text.matchAll(/^## (Unity\w+)$/gm)].map(([, alert]) => alert!);
        assert.deepEqual(sections.sort(), Object.keys(DEFAULT_ALERTS).sort());
    });
});
