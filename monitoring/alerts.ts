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

/** Those of the file, read once for all Projects. */
let groups: readonly RuleGroup[] | undefined;

/** Every metric in an expression, with the brace of its matchers if it has any. */
const METRIC = /\b(?:kafka|kubelet|process|unity_kafka|zookeeper)_\w+\{?/g;

/**
 * The alerting rules of one Project, as `spec.groups` of a `Rules` or a `PrometheusRule` object takes them. An expression
 * sees only metrics of its namespace: each Project has rules of its own, and one failure is to be one alert.
 */
export function alertRules(namespace: string): readonly RuleGroup[] {
    groups ??= (parse(readFileSync(ALERTS, "utf8")) as { groups: RuleGroup[] }).groups;
    const matcher = `namespace="${namespace}"`;
    return groups.map(({ name, rules }) => ({
        name,
        rules: rules.map((rule) => ({
            ...rule,
            expr: rule.expr.replace(METRIC, (metric) =>
                metric.endsWith("{") ? `${metric}${matcher},` : `${metric}{${matcher}}`,
            ),
        })),
    }));
}
