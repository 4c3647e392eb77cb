/** Where the pods of a set may run. */
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import { POOL_TAINT, poolLabel, ZONE_LABEL } from "../../common/names.ts";

export interface Topology {
    /** Zones to spread the servers over; empty for hosts only. */
    readonly zones: readonly string[];
    /** Whether nodes are set aside for the servers, as this program's node pools are. */
    readonly dedicatedNodes: boolean;
}

/** Keeps a set's pods on the nodes that are set aside for it, where there are such. */
function onDedicatedNodes(set: string): Pick<k8s.core.v1.PodSpec, "nodeSelector" | "tolerations"> {
    return {
        nodeSelector: { [poolLabel(set)]: "true" },
        tolerations: [{ key: POOL_TAINT, operator: "Equal", value: "true", effect: "NoSchedule" }],
    };
}

/**
 * One pod of the set on a host, always; the same number in each zone, give or take one, where zones are named.
 *
 * @param set the name of the set
 * @param labels the labels that select the set's pods
 */
export function schedulingConstraints(
    set: string,
    labels: Record<string, string>,
    { zones, dedicatedNodes }: Topology,
): Pick<k8s.core.v1.PodSpec, "affinity" | "nodeSelector" | "tolerations" | "topologySpreadConstraints"> {
    const labelSelector = { matchLabels: labels };
    const nodes = dedicatedNodes ? onDedicatedNodes(set) : {};
    const hosts = {
        podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
                { labelSelector, topologyKey: "kubernetes.io/hostname" },
            ],
        },
    };
    if (zones.length === 0) {
        return { ...nodes, affinity: hosts };
    }
    const inZones = { matchExpressions: [{ key: ZONE_LABEL, operator: "In", values: [...zones] }] };
    return {
        ...nodes,
        affinity: {
            ...hosts,
            nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [inZones] },
            },
        },
        topologySpreadConstraints: [
            {
                labelSelector,
                topologyKey: ZONE_LABEL,
                maxSkew: 1,
                // Counts zones that have no pod, or no node, yet.
                minDomains: zones.length,
                whenUnsatisfiable: "DoNotSchedule",
            },
        ],
    };
}
