/** Where the pods of a StatefulSet or Deployment may run. */
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import type * as pulumi from "@pulumi/pulumi";
import { POOL_TAINT, poolLabel, ZONE_LABEL } from "../../common/names.ts";

export interface Topology {
    /** Zones to spread the servers over; empty for hosts only. */
    readonly zones: readonly string[];
    /** Whether node pools take the servers and nothing else, as those of this program do. */
    readonly dedicatedNodes: boolean;
    /**
     * Whether brokers have the zones of their nodes as racks: all of them or none, as Kafka creates no topic while only
     * some do.
     */
    readonly racks: pulumi.Input<boolean>;
}

export type SchedulingConstraints = Pick<
    k8s.core.v1.PodSpec,
    "affinity" | "nodeSelector" | "tolerations" | "topologySpreadConstraints"
>;

function onDedicatedNodes(server: string): SchedulingConstraints {
    return {
        nodeSelector: { [poolLabel(server)]: "true" },
        tolerations: [{ key: POOL_TAINT, operator: "Equal", value: "true", effect: "NoSchedule" }],
    };
}

/**
 * One of the pods on a host, always; the same number in each zone, give or take one, where zones are named.
 *
 * @param server whose dedicated nodes take the pods: `kafka` or `zookeeper`
 * @param labels the labels that select the pods
 */
export function schedulingConstraints(
    server: string,
    labels: Record<string, string>,
    { zones, dedicatedNodes }: Pick<Topology, "zones" | "dedicatedNodes">,
): SchedulingConstraints {
    const labelSelector = { matchLabels: labels };
    const nodes = dedicatedNodes ? onDedicatedNodes(server) : {};
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
