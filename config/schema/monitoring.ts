/** What config may say of monitoring: what collects the metrics and evaluates the alerting rules. */
import { z } from "zod";
import type { ConfigIssue } from "../../common/configIssue.ts";
import { alertsSchema } from "./alerts.ts";
import { cpu, flag, heap, heapFits, size, whole } from "./fields.ts";
import { labelsSchema } from "./labels.ts";
import { withRules } from "./rules.ts";

const COLLECTORS = ["google", "prometheus-operator", "none"] as const;

export type Collector = (typeof COLLECTORS)[number];

/** Where Google's collectors run: in clusters of type Standard, and in those of Autopilot. */
const GOOGLE_NAMESPACES = ["gmp-system", "gke-gmp-system"];

const lagExporterSchema = withRules(
    z.strictObject(
        {
            enabled: flag().default(true).describe("Whether there is one, where there is a collector."),
            heap: heap().default("96Mi").describe("Its Java heap."),
            memory: size().default("320Mi").describe("Its memory request and limit."),
            cpu: cpu().default("50m").describe("Its CPU request; there is no CPU limit."),
        },
        { error: "must be a block with enabled, heap, memory and cpu" },
    ),
    [heapFits],
);

export type LagExporterConfig = Readonly<
    Omit<z.output<typeof lagExporterSchema>, "enabled"> & {
        /** Seconds from one look at the groups to the next. */
        interval: number;
    }
>;

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
        lagExporter: lagExporterSchema
            .prefault({})
            .describe("The pod of each Project that exports how far its consumer groups are behind."),
        alerts: alertsSchema,
    },
    { error: "must be a block with a collector" },
);

/** What of it a Project may have of its own. */
export const projectMonitoringSchema = z.strictObject(
    { alerts: alertsSchema },
    { error: "must be a block with alerts" },
);

/** Monitoring with everything decided; alerts and exporters are decided for each Project. */
export interface MonitoringConfig
    extends Omit<z.output<typeof monitoringSchema>, "collector" | "alerts" | "lagExporter"> {
    readonly collector: Collector;
}

interface Resolved {
    readonly monitoring: MonitoringConfig;
    /** Namespaces whose pods may read metrics, with those of the collector. */
    readonly metricsFrom: readonly string[];
    /** That of each Project; absent where nothing collects. */
    readonly lagExporter?: LagExporterConfig;
}

/** @param onGke whether config has the cluster on GKE */
export function resolveMonitoring(
    { collector, alerts: _, lagExporter, ...rest }: z.output<typeof monitoringSchema>,
    metricsFrom: readonly string[],
    onGke: boolean,
): Resolved {
    const monitoring = { ...rest, collector: collector ?? (onGke ? "google" : "none") } as const;
    const own = monitoring.collector === "google" ? GOOGLE_NAMESPACES : [];
    const { enabled, ...resources } = lagExporter;
    return {
        monitoring,
        metricsFrom: [...new Set([...own, ...metricsFrom])],
        ...(enabled &&
            monitoring.collector !== "none" && {
                lagExporter: { ...resources, interval: monitoring.interval },
            }),
    };
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
