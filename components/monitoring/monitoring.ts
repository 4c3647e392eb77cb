/** What makes a collector of the cluster collect the metrics of a Project and evaluate its alerting rules. */
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type * as pulumi from "@pulumi/pulumi";
import { INSTANCE_LABELS } from "../../common/names.ts";
import type { Collector, MonitoringConfig } from "../../config/schema/monitoring.ts";
import { alertRules } from "../../monitoring/alerts.ts";
import { projectLabels } from "../kubernetes/labels.ts";

export interface MonitoringArgs {
    readonly project: string;
    readonly namespace: string;
    readonly monitoring: MonitoringConfig;
}

/** An object of a kind that the collector brings along. */
interface Custom {
    readonly apiVersion: string;
    readonly kind: string;
    readonly spec: object;
}

type Objects = Readonly<Record<"metrics" | "alerts", Custom>>;

/** Name of the port of every container that exports metrics. */
const PORT = "metrics";

/**
 * Google's `PodMonitoring` and `Rules`, or the `PodMonitor` and `PrometheusRule` of the Prometheus operator; undefined where
 * nothing collects.
 */
export function monitoringObjects(
    namespace: string,
    { collector, interval }: Pick<MonitoringConfig, "collector" | "interval">,
): Objects | undefined {
    const selector = { matchLabels: INSTANCE_LABELS };
    const endpoints = [{ port: PORT, interval: `${interval}s` }];
    const groups = alertRules(namespace);
    const objects: Record<Collector, Objects | undefined> = {
        google: {
            metrics: {
                apiVersion: "monitoring.googleapis.com/v1",
                kind: "PodMonitoring",
                spec: { selector, endpoints },
            },
            alerts: { apiVersion: "monitoring.googleapis.com/v1", kind: "Rules", spec: { groups } },
        },
        "prometheus-operator": {
            metrics: {
                apiVersion: "monitoring.coreos.com/v1",
                kind: "PodMonitor",
                spec: { selector, podMetricsEndpoints: endpoints },
            },
            alerts: { apiVersion: "monitoring.coreos.com/v1", kind: "PrometheusRule", spec: { groups } },
        },
        none: undefined,
    };
    return objects[collector];
}

/** Registers the objects in the Project's namespace, and returns them. */
export function registerMonitoring(
    name: string,
    { project, namespace, monitoring }: MonitoringArgs,
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
    const objects = monitoringObjects(namespace, monitoring);
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
