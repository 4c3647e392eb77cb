import * as pulumi from "@pulumi/pulumi";
import type { KubeTarget } from "../common/kubeTarget.ts";
import type { Collector, MonitoringConfig } from "../config/schema/monitoring.ts";
import { lineOf } from "../kafka/errors.ts";
import { collectorKinds } from "./monitoring/monitoring.ts";

/** How a cluster gets the kinds of a collector. */
const NEXT: Readonly<Record<Collector, string>> = {
    google: "turn on managed collection (gcloud container clusters update CLUSTER --enable-managed-prometheus)",
    "prometheus-operator": "install the Prometheus operator",
    none: "",
};

/**
 * Fails a preview where the cluster lacks a kind of the collector: an `up` would fail at the first object of it.
 *
 * @throws pulumi.RunError
 */
export async function reportMissingKinds(target: KubeTarget, monitoring: MonitoringConfig): Promise<void> {
    const wanted = collectorKinds(monitoring);
    if (wanted === undefined) {
        return;
    }
    const { apiVersion, kinds } = wanted;
    // The Kubernetes client takes half a second to load.
    const { kindsOf } = await import("../kafka/kubernetes/kinds.ts");
    const found = await kindsOf(target, apiVersion).catch(async (error: unknown) => {
        await pulumi.log.warn(
            `It is not known whether the cluster has the kinds of ${apiVersion}: ${lineOf(error)}`,
        );
        return undefined;
    });
    const missing = kinds.filter((kind) => found && !found.includes(kind));
    if (missing.length > 0) {
        const { collector } = monitoring;
        throw new pulumi.RunError(
            `The cluster does not know ${missing.join(" and ")} of ${apiVersion}, by which monitoring.collector ${collector} collects metrics. Next: ${NEXT[collector]}, or set monitoring.collector to none.`,
        );
    }
}
