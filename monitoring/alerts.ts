/** The alerting rules of all Projects, as config has decided about them. */
import { BRIDGE_RULES } from "./bridge.ts";
import { CERTIFICATE_RULES } from "./certificates.ts";
import { CONSUMER_RULES } from "./consumers.ts";
import { DISK_RULES } from "./disks.ts";
import { inNamespace } from "./metrics.ts";
import { type AlertRule, type AlertRules, textsOf } from "./rule.ts";
import { SERVER_RULES } from "./servers.ts";
import { ZOOKEEPER_RULES } from "./zookeeper.ts";

/** What config may say of an alert. */
export interface AlertSettings {
    readonly enabled: boolean;
    /** How long its expression holds before it is an alert, such as `10m`. */
    readonly for: string;
    /** In the unit of the rule's threshold; undefined where it has none. */
    readonly threshold?: number | undefined;
}

export type AlertsConfig = Readonly<Record<string, AlertSettings>>;

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

const GROUPS: Readonly<Record<string, AlertRules>> = {
    "unity-kafka-certificates": CERTIFICATE_RULES,
    "unity-kafka-bridge": BRIDGE_RULES,
    "unity-kafka-servers": SERVER_RULES,
    "unity-kafka-consumers": CONSUMER_RULES,
    "unity-kafka-zookeeper": ZOOKEEPER_RULES,
    "unity-kafka-disks": DISK_RULES,
};

/** Every rule, by the name of its alert. */
export const ALERT_RULES: AlertRules = Object.assign({}, ...Object.values(GROUPS));

/** What holds where config says nothing. */
export const DEFAULT_ALERTS: AlertsConfig = Object.fromEntries(
    Object.entries(ALERT_RULES).map(([alert, rule]) => [
        alert,
        { enabled: true, for: rule.for, threshold: rule.threshold?.default },
    ]),
);

/** The rules that are enabled, over the metrics of all Projects. */
export function alertRules(config: AlertsConfig): RuleGroup[] {
    return Object.entries(GROUPS).flatMap(([name, group]) => {
        const rules = Object.entries(group).flatMap(([alert, rule]) => ruleOf(alert, rule, config[alert]!));
        return rules.length > 0 ? [{ name, rules }] : [];
    });
}

/**
 * The rules of one Project, as `spec.groups` of a `Rules` or a `PrometheusRule` object takes them. An expression sees only
 * metrics of its namespace: each Project has rules of its own, and one failure is to be one alert.
 */
export function projectAlertRules(namespace: string, config: AlertsConfig): RuleGroup[] {
    return alertRules(config).map(({ name, rules }) => ({
        name,
        rules: rules.map((rule) => ({ ...rule, expr: inNamespace(rule.expr, namespace) })),
    }));
}

function ruleOf(alert: string, rule: AlertRule, settings: AlertSettings): RuleGroup["rules"][number][] {
    if (!settings.enabled) {
        return [];
    }
    const { expr, summary, description } = textsOf(rule, settings.threshold);
    return [
        {
            alert,
            expr,
            for: settings.for,
            labels: { severity: rule.severity },
            annotations: { summary, description },
        },
    ];
}
