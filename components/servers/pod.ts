/** What the pods of ZooKeeper and Kafka have in common, as plain Kubernetes objects. */
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import type * as pulumi from "@pulumi/pulumi";

/** User and group of the servers, numbers that no host gives to anybody; the group owns the volumes. */
const USER = 10_001;
const GROUP = 10_001;

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
export function podFiles(files: Record<string, pulumi.Input<string>>): {
    annotations: Record<string, pulumi.Input<string>>;
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
