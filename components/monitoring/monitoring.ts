/** What makes a collector of the cluster collect the metrics of a Project and evaluate its alerting rules. */
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type * as pulumi from "@pulumi/pulumi";
import { INSTANCE_LABELS } from "../../common/names.ts";
import type { Collector, MonitoringConfig } from "../../config/schema/monitoring.ts";
import { type AlertsConfig, projectAlertRules } from "../../monitoring/alerts.ts";
import { projectLabels } from "../kubernetes/labels.ts";

export interface MonitoringArgs {
    readonly project: string;
    readonly namespace: string;
    readonly monitoring: MonitoringConfig;
    readonly alerts: AlertsConfig;
}

/** An object of a kind that the collector brings along. */
interface Custom {
    readonly apiVersion: string;
    readonly kind: string;
    readonly spec: object;
}

/** Name of the port of every container that exports metrics. */
const PORT = "metrics";

/** What the objects of a collector are called: Google's, or those of the Prometheus operator. */
const KINDS = {
    google: {
        apiVersion: "monitoring.googleapis.com/v1",
        metrics: "PodMonitoring",
        alerts: "Rules",
        endpoints: "endpoints",
    },
    "prometheus-operator": {
        apiVersion: "monitoring.coreos.com/v1",
        metrics: "PodMonitor",
        alerts: "PrometheusRule",
        endpoints: "podMetricsEndpoints",
    },
    none: undefined,
} as const satisfies Record<Collector, unknown>;

/** The kinds of a collector that a cluster has to know; undefined where nothing collects. */
export function collectorKinds({
    collector,
    rules,
}: Pick<MonitoringConfig, "collector" | "rules">):
    | { apiVersion: string; kinds: readonly string[] }
    | undefined {
    const found = KINDS[collector];
    return (
        found && { apiVersion: found.apiVersion, kinds: [found.metrics, ...(rules ? [found.alerts] : [])] }
    );
}

/** The objects of a Project by which its metrics are collected and its alerting rules evaluated; undefined where nothing is. */
export function monitoringObjects(
    namespace: string,
    { collector, interval }: Pick<MonitoringConfig, "collector" | "interval">,
    config: AlertsConfig,
): Readonly<Record<"metrics" | "alerts", Custom>> | undefined {
    const found = KINDS[collector];
    if (found === undefined) {
        return undefined;
    }
    const { apiVersion, metrics, alerts, endpoints } = found;
    return {
        metrics: {
            apiVersion,
            kind: metrics,
            spec: {
                selector: { matchLabels: INSTANCE_LABELS },
                [endpoints]: [{ port: PORT, interval: `${interval}s` }],
            },
        },
        alerts: { apiVersion, kind: alerts, spec: { groups: projectAlertRules(namespace, config) } },
    };
}

/** Registers the objects in the Project's namespace, and returns them. */
export function registerMonitoring(
    name: string,
    { project, namespace, monitoring, alerts: config }: MonitoringArgs,
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
    const objects = monitoringObjects(namespace, monitoring, config);
    if (objects === undefined) {
        return [];
    }
    const labels = { ...monitoring.labels, ...projectLabels(project) };
    const { metrics, alerts } = objects;
    return Object.entries({ metrics, ...(monitoring.rules && { alerts }) }).map(
        ([what, object]) =>
            new CustomResource(
                `${name}-${what}`,
                { ...object, metadata: { name: "unity-kafka", namespace, labels } },
                opts,
            ),
    );
}
