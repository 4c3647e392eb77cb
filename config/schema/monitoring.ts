/** What config may say of monitoring: what collects the metrics and evaluates the alerting rules. */
import { z } from "zod";
import type { ConfigIssue } from "../../common/configIssue.ts";
import { alertsSchema } from "./alerts.ts";
import { flag, whole } from "./fields.ts";
import { labelsSchema } from "./labels.ts";

const COLLECTORS = ["google", "prometheus-operator", "none"] as const;

export type Collector = (typeof COLLECTORS)[number];

/** Where Google's collectors run: in clusters of type Standard, and in those of Autopilot. */
const GOOGLE_NAMESPACES = ["gmp-system", "gke-gmp-system"];

export const monitoringSchema = z.strictObject(
    {
        collector: z
            .enum(COLLECTORS, { error: "must be google, prometheus-operator or none" })
            .optional()
            .describe(
                "What collects the metrics of every Project: Google's Managed Service for Prometheus, or the Prometheus operator of the cluster. Default: google with gke, none otherwise.",
            ),
        interval: whole(5, 300, "seconds")
            .default(30)
            .describe("Seconds from one collection to the next. Google bills each value that is collected."),
        rules: flag()
            .default(true)
            .describe(
                "Whether the collector evaluates the alerting rules. Who is told, its Alertmanager decides.",
            ),
        labels: labelsSchema()
            .default({})
            .describe(
                "Labels of the PodMonitor and PrometheusRule, where those of the Prometheus operator must have some.",
            ),
        alerts: alertsSchema,
    },
    { error: "must be a block with a collector" },
);

/** What of it a Project may have of its own. */
export const projectMonitoringSchema = z.strictObject(
    { alerts: alertsSchema },
    { error: "must be a block with alerts" },
);

/** Monitoring with everything decided; alerts are decided for each Project. */
export interface MonitoringConfig extends Omit<z.output<typeof monitoringSchema>, "collector" | "alerts"> {
    readonly collector: Collector;
}

interface Resolved {
    readonly monitoring: MonitoringConfig;
    /** Namespaces whose pods may read metrics, with those of the collector. */
    readonly metricsFrom: readonly string[];
}

/** @param onGke whether config has the cluster on GKE */
export function resolveMonitoring(
    { collector, alerts: _, ...rest }: z.output<typeof monitoringSchema>,
    metricsFrom: readonly string[],
    onGke: boolean,
): Resolved {
    const monitoring = { ...rest, collector: collector ?? (onGke ? "google" : "none") } as const;
    const own = monitoring.collector === "google" ? GOOGLE_NAMESPACES : [];
    return { monitoring, metricsFrom: [...new Set([...own, ...metricsFrom])] };
}

/** What of monitoring contradicts the rest of config. */
export function monitoringIssues({ monitoring, metricsFrom }: Resolved): ConfigIssue[] {
    const { collector, labels } = monitoring;
    const issues: ConfigIssue[] = [];
    if (collector === "prometheus-operator" && metricsFrom.length === 0) {
        issues.push({
            path: "metricsFrom",
            message: "must name the namespace of Prometheus, as monitoring.collector is prometheus-operator",
        });
    }
    if (collector !== "prometheus-operator" && Object.keys(labels).length > 0) {
        issues.push({
            path: "monitoring.labels",
            message: "are for the Prometheus operator; remove them, or set collector to prometheus-operator",
        });
    }
    return issues;
}
