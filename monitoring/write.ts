/** Writes monitoring/alerts.yaml: `npm run alerts`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { alertRules, DEFAULT_ALERTS } from "./alerts.ts";

/** The rules with their defaults, for a Prometheus that no config of this program knows. */
export const ALERTS_FILE = join(import.meta.dirname, "alerts.yaml");

const INTRODUCTION = `# Alerting rules for Prometheus, of every Project that it collects: written by \`npm run alerts\`, with the default thresholds.
# Where config has monitoring, up gives each Project its own. They use metrics that the servers export themselves and, for
# disks, those of the kubelet. docs/alerts.md says what each means. All stay silent while servers are restarted one by one.
`;

export function alertsText(): string {
    return INTRODUCTION + stringify({ groups: alertRules(DEFAULT_ALERTS) }, { lineWidth: 120 });
}

if (import.meta.main) {
    writeFileSync(ALERTS_FILE, alertsText());
    console.log(`wrote ${ALERTS_FILE}`);
}
