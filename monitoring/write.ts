/** Writes the files of monitoring/ that are made from its source: `npm run monitoring`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { alertRules, DEFAULT_ALERTS } from "./alerts.ts";
import { ENVIRONMENT } from "./dashboards/environment.ts";
import { grafanaJson } from "./dashboards/grafana.ts";
import { PROJECT } from "./dashboards/project.ts";

/** The rules with their defaults, for a Prometheus that no config of this program knows. */
export const ALERTS_FILE = join(import.meta.dirname, "alerts.yaml");

const INTRODUCTION = `# Alerting rules for Prometheus, of every Project that it collects: written by \`npm run monitoring\`, with the default
# thresholds. Where config has monitoring, up gives each Project its own. They use metrics that the servers export
# themselves and, for disks, those of the kubelet. docs/alerts.md says what each means. All stay silent while servers are
# restarted one by one.
`;

export const DASHBOARDS = [ENVIRONMENT, PROJECT];

/** Text of each file, by its path. */
export function monitoringFiles(): ReadonlyMap<string, string> {
    const alerts = stringify({ groups: alertRules(DEFAULT_ALERTS) }, { lineWidth: 120 });
    return new Map([
        [ALERTS_FILE, INTRODUCTION + alerts],
        ...DASHBOARDS.map((dashboard): [string, string] => [
            join(import.meta.dirname, "dashboards", `${dashboard.name}.json`),
            grafanaJson(dashboard),
        ]),
    ]);
}

if (import.meta.main) {
    for (const [path, text] of monitoringFiles()) {
        writeFileSync(path, text);
        console.log(`wrote ${path}`);
    }
}
