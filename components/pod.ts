/** What the pods of ZooKeeper and Kafka have in common, as plain Kubernetes objects. */
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import { ZONE_LABEL } from "../config/names.ts";

/** User and group of the servers in the image; the group owns the volumes. */
const USER = 1001;
const GROUP = 1001;

export const podSecurityContext: k8s.core.v1.PodSecurityContext = {
    runAsNonRoot: true,
    runAsUser: USER,
    runAsGroup: GROUP,
    fsGroup: GROUP,
    // Without it the kubelet walks through all of a large volume at each start.
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
};

export const containerSecurityContext: k8s.core.v1.SecurityContext = {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
};

/** One pod of the set on a host, always; the same number in each zone, give or take one, where zones are named. */
export function spread(
    labels: Record<string, string>,
    zones: readonly string[],
): Pick<k8s.core.v1.PodSpec, "affinity" | "topologySpreadConstraints"> {
    const labelSelector = { matchLabels: labels };
    const hosts = {
        podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
                { labelSelector, topologyKey: "kubernetes.io/hostname" },
            ],
        },
    };
    if (zones.length === 0) return { affinity: hosts };
    const inZones = { matchExpressions: [{ key: ZONE_LABEL, operator: "In", values: [...zones] }] };
    return {
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

/** Environment variable from the pod's own metadata. */
export function fromPod(name: string, fieldPath: string): k8s.core.v1.EnvVar {
    return { name, valueFrom: { fieldRef: { fieldPath } } };
}

const FILES = "files.unity-kafka";

/**
 * Files for a pod, carried by its own annotations rather than a ConfigMap.
 *
 * They belong to one revision of the pod template: a change rolls the pods one by one, and a pod that restarts
 * in the middle of a bad rollout still finds the files that it was created with.
 */
export function podFiles(files: Record<string, string>): {
    annotations: Record<string, string>;
    volume: k8s.core.v1.Volume;
} {
    const names = Object.keys(files).sort();
    return {
        annotations: Object.fromEntries(names.map((name) => [`${FILES}/${name}`, files[name]!])),
        volume: {
            name: "files",
            downwardAPI: {
                items: names.map((name) => ({
                    path: name,
                    fieldRef: { fieldPath: `metadata.annotations['${FILES}/${name}']` },
                })),
            },
        },
    };
}
