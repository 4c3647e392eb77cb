import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** File with the rules, in the form of Prometheus. */
export const ALERTS = join(import.meta.dirname, "alerts.yaml");

/** Rules that are evaluated together: a group of Prometheus, and of Google Managed Prometheus. */
export interface RuleGroup {
    readonly name: string;
    readonly rules: readonly {
        readonly alert: string;
        readonly expr: string;
        readonly for: string;
        readonly labels: Readonly<Record<string, string>>;
        readonly annotations: Readonly<Record<string, string>>;
    }[];
}

/** The alerting rules of every Project, such as `spec.groups` of a `Rules` object takes them. */
export function alertRules(): readonly RuleGroup[] {
    return (parse(readFileSync(ALERTS, "utf8")) as { groups: RuleGroup[] }).groups;
}
