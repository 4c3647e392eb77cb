/** What the pods of ZooKeeper, Kafka and MirrorMaker have in common, as plain Kubernetes objects. */
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import type * as pulumi from "@pulumi/pulumi";
import { FILES_ANNOTATION } from "../../common/names.ts";
import type { SchedulingConstraints } from "./scheduling.ts";

export interface PodArgs {
    /** Name of the container. */
    readonly name: string;
    readonly image: string;
    /** Shell script that ends in the server itself. */
    readonly start: pulumi.Input<string>;
    readonly serviceAccountName: pulumi.Input<string>;
    readonly labels: Record<string, string>;
    readonly annotations?: Record<string, pulumi.Input<string>>;
    readonly scheduling: SchedulingConstraints;
    readonly terminationGracePeriodSeconds: number;
    readonly env: readonly k8s.core.v1.EnvVar[];
    readonly ports: Record<string, number>;
    readonly probes: Record<"startup" | "liveness" | "readiness", k8s.core.v1.Probe>;
    /** CPU request. */
    readonly cpu: string;
    /** Memory request and limit. */
    readonly memory: string;
    /** Files by name, found under `filesPath`. */
    readonly files: Record<string, pulumi.Input<string>>;
    readonly filesPath: string;
    /** Secrets by the name of the volume that they are mounted from. */
    readonly secrets: Record<
        string,
        { readonly mountPath: string; readonly secretName: pulumi.Input<string> }
    >;
    /** ConfigMaps, whose changes a pod sees while it runs, by the name of the volume. Default: none. */
    readonly configMaps?: Record<string, { readonly mountPath: string; readonly name: pulumi.Input<string> }>;
    /** Where PVCs are mounted, by their names. Default: nowhere. */
    readonly pvcs?: Record<string, string>;
}

/** User and group of the servers, numbers that no host gives to anybody; the group owns the volumes. */
const USER = 10_001;
const GROUP = 10_001;

/** A pod of one server by the restricted Pod Security standard, with a read-only image and no API token. */
export function podTemplate(args: PodArgs): k8s.core.v1.PodTemplateSpec {
    const files = podFiles(args.files);
    const secrets = Object.entries(args.secrets);
    const configMaps = Object.entries(args.configMaps ?? {});
    return {
        metadata: { labels: args.labels, annotations: { ...files.annotations, ...args.annotations } },
        spec: {
            serviceAccountName: args.serviceAccountName,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: {
                runAsNonRoot: true,
                runAsUser: USER,
                runAsGroup: GROUP,
                fsGroup: GROUP,
                // Without it the kubelet walks through all of a large volume at each start.
                fsGroupChangePolicy: "OnRootMismatch",
                seccompProfile: { type: "RuntimeDefault" },
            },
            terminationGracePeriodSeconds: args.terminationGracePeriodSeconds,
            ...args.scheduling,
            containers: [
                {
                    name: args.name,
                    image: args.image,
                    imagePullPolicy: "IfNotPresent",
                    command: ["sh", "-c", args.start],
                    env: [...args.env],
                    ports: Object.entries(args.ports).map(([name, containerPort]) => ({
                        name,
                        containerPort,
                    })),
                    startupProbe: args.probes.startup,
                    livenessProbe: args.probes.liveness,
                    readinessProbe: args.probes.readiness,
                    resources: {
                        requests: { cpu: args.cpu, memory: args.memory },
                        limits: { memory: args.memory },
                    },
                    securityContext: {
                        allowPrivilegeEscalation: false,
                        readOnlyRootFilesystem: true,
                        capabilities: { drop: ["ALL"] },
                    },
                    volumeMounts: [
                        ...Object.entries(args.pvcs ?? {}).map(([name, mountPath]) => ({ name, mountPath })),
                        { name: "files", mountPath: args.filesPath, readOnly: true },
                        ...[...secrets, ...configMaps].map(([name, { mountPath }]) => ({
                            ...{ name, mountPath, readOnly: true },
                        })),
                        { name: "tmp", mountPath: "/tmp" },
                    ],
                },
            ],
            volumes: [
                files.volume,
                // Readable by the servers' group alone.
                ...secrets.map(([name, { secretName }]) => ({
                    name,
                    secret: { secretName, defaultMode: 0o440 },
                })),
                ...configMaps.map(([volume, { name }]) => ({ name: volume, configMap: { name } })),
                { name: "tmp", emptyDir: {} },
            ],
        },
    };
}

/** Environment variable from the pod's own metadata. */
export function fromPod(name: string, fieldPath: string): k8s.core.v1.EnvVar {
    return { name, valueFrom: { fieldRef: { fieldPath } } };
}

/**
 * Files for a pod, carried by its own annotations rather than a ConfigMap.
 *
 * They belong to one revision of the pod template: a change rolls the pods one by one, and a pod that restarts
 * in the middle of a failed rolling update still finds the files that it was created with.
 */
export function podFiles(files: Record<string, pulumi.Input<string>>): {
    annotations: Record<string, pulumi.Input<string>>;
    volume: k8s.core.v1.Volume;
} {
    const names = Object.keys(files).sort();
    return {
        annotations: Object.fromEntries(names.map((name) => [`${FILES_ANNOTATION}/${name}`, files[name]!])),
        volume: {
            name: "files",
            downwardAPI: {
                items: names.map((name) => ({
                    path: name,
                    fieldRef: { fieldPath: `metadata.annotations['${FILES_ANNOTATION}/${name}']` },
                })),
            },
        },
    };
}
