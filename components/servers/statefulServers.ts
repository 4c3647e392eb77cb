import { basename } from "node:path";
import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import type * as pulumi from "@pulumi/pulumi";
import { COMPONENT_LABEL, INSTANCE_LABELS, PROJECT_LABEL } from "../../common/names.ts";
import type { ProbeValues } from "../../config/schema/fields.ts";
import { RollingUpdate } from "../../provider/resources/rollingUpdate.ts";
import type { ClusterTarget } from "../kubernetes/namespaceRef.ts";
import type { DeletionGuard } from "../project/deletionGuard.ts";
import { registerClaims } from "./persistentVolumeClaims.ts";
import { containerSecurityContext, fromPod, podFiles, podSecurityContext } from "./pod.ts";
import { schedulingConstraints, type Topology } from "./scheduling.ts";

/** What distinguishes one set of servers, each with an identity and a volume of its own, from another. */
export interface StatefulServersArgs {
    /** Name of the StatefulSet and of its container; also the value of the selecting label. */
    readonly set: string;
    readonly project: string;
    readonly namespace: pulumi.Input<string>;
    readonly replicas: number;
    readonly image: string;
    /** Shell script that ends in the server itself. ORDINAL and ZONE are in its environment. */
    readonly start: string;
    readonly ports: Record<string, number>;
    /** Headless service that gives each server its address. */
    readonly headlessService: { name: string; ports: readonly string[] };
    /** Service for clients, in front of the servers that are Ready. */
    readonly clientService: { name: string; ports: readonly string[] };
    /** Files by name, found under `filesPath` in the container. */
    readonly files: Record<string, pulumi.Input<string>>;
    readonly filesPath: string;
    /** Secrets with the servers' certificates, by the folder where they are mounted. */
    readonly certificates: Record<string, pulumi.Input<string>>;
    readonly volumePath: string;
    readonly probes: Record<"startup" | "liveness" | "readiness", ProbeValues & k8s.core.v1.Probe>;
    readonly cpu: string;
    readonly memory: string;
    readonly disk: { size: string; storageClass: string };
    readonly topology: Topology;
    readonly guard: DeletionGuard;
    /** The cluster, for waiting until a roll is over. */
    readonly target: ClusterTarget;
    readonly terminationGracePeriodSeconds: number;
}

/** Labels of every object of a set but its pods: a new label there rolls them. */
export function serverLabels(set: string, project: string): Record<string, string> {
    return { ...INSTANCE_LABELS, [COMPONENT_LABEL]: set, [PROJECT_LABEL]: project };
}

/**
 * Time that the provider may take over a set: a roll waits for each server to catch up before the next.
 * Kubernetes goes on with the roll by itself, however long it takes.
 */
const customTimeouts = { create: "30m", update: "2h", delete: "30m" };

/**
 * Registers what a set of servers consists of: service account, services, disruption budget, StatefulSet and claims.
 * What can never change without replacing the set (claims, selector, service, pod management) is fixed here.
 */
export function registerServerSet(
    name: string,
    args: StatefulServersArgs,
    { parent }: { readonly parent: pulumi.Resource },
): StatefulSet {
    const opts = { parent, ...args.guard.protectProject };
    const selector = { [COMPONENT_LABEL]: args.set };
    const labels = { ...INSTANCE_LABELS, ...selector };
    const owned = serverLabels(args.set, args.project);
    const metadata = (object: string) => ({ name: object, namespace: args.namespace, labels: owned });
    const port = (portName: string) => ({
        name: portName,
        port: args.ports[portName]!,
        targetPort: portName,
    });

    const account = new ServiceAccount(
        `${name}-account`,
        { metadata: metadata(args.set), automountServiceAccountToken: false },
        opts,
    );
    const headless = new Service(
        `${name}-headless`,
        {
            metadata: metadata(args.headlessService.name),
            spec: {
                clusterIP: "None",
                // Servers must find each other in order to become Ready.
                publishNotReadyAddresses: true,
                selector,
                ports: args.headlessService.ports.map(port),
            },
        },
        opts,
    );
    new Service(
        `${name}-clients`,
        {
            metadata: {
                ...metadata(args.clientService.name),
                // While no server is Ready there is nothing to wait for here.
                annotations: { "pulumi.com/skipAwait": "true" },
            },
            spec: { selector, ports: args.clientService.ports.map(port) },
        },
        opts,
    );
    new PodDisruptionBudget(
        `${name}-budget`,
        { metadata: metadata(args.set), spec: { maxUnavailable: 1, selector: { matchLabels: selector } } },
        opts,
    );
    const set = new StatefulSet(
        `${name}-set`,
        {
            metadata: metadata(args.set),
            spec: {
                serviceName: headless.metadata.name,
                replicas: args.replicas,
                selector: { matchLabels: selector },
                podManagementPolicy: "Parallel",
                updateStrategy: { type: "RollingUpdate" },
                persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
                template: podTemplate(args, labels, account.metadata.name),
                volumeClaimTemplates: [
                    {
                        metadata: { name: "data" },
                        spec: {
                            accessModes: ["ReadWriteOnce"],
                            storageClassName: args.disk.storageClass,
                            resources: { requests: { storage: args.disk.size } },
                        },
                    },
                ],
            },
        },
        {
            ...opts,
            customTimeouts,
            // Claims grow by themselves; the template's size counts for claims that are still to be made.
            ignoreChanges: ["spec.volumeClaimTemplates[0].spec.resources"],
        },
    );
    registerClaims(
        name,
        {
            namespace: args.namespace,
            set: args.set,
            labels: { [COMPONENT_LABEL]: args.set, [PROJECT_LABEL]: args.project },
            replicas: args.replicas,
            size: args.disk.size,
        },
        { parent, ...args.guard.preventDiskShrink, dependsOn: set },
    );
    new RollingUpdate(
        `${name}-rollout`,
        {
            cluster: args.target,
            namespace: args.namespace,
            statefulSet: args.set,
            generation: set.metadata.generation,
        },
        { parent, dependsOn: set, deletedWith: set },
    );
    return set;
}

function podTemplate(
    args: StatefulServersArgs,
    labels: Record<string, string>,
    serviceAccountName: pulumi.Input<string>,
): k8s.core.v1.PodTemplateSpec {
    const files = podFiles(args.files);
    const certificates = Object.entries(args.certificates).map(([mountPath, secretName]) => ({
        mount: { name: `tls-${basename(mountPath)}`, mountPath, readOnly: true },
        // Readable by the servers' group alone.
        volume: { name: `tls-${basename(mountPath)}`, secret: { secretName, defaultMode: 0o440 } },
    }));
    return {
        metadata: { labels, annotations: files.annotations },
        spec: {
            serviceAccountName,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: podSecurityContext,
            terminationGracePeriodSeconds: args.terminationGracePeriodSeconds,
            ...schedulingConstraints(args.set, { [COMPONENT_LABEL]: args.set }, args.topology),
            containers: [
                {
                    name: args.set,
                    image: args.image,
                    imagePullPolicy: "IfNotPresent",
                    command: ["sh", "-c", args.start],
                    env: [
                        fromPod("ORDINAL", "metadata.labels['apps.kubernetes.io/pod-index']"),
                        fromPod("ZONE", "metadata.labels['topology.kubernetes.io/zone']"),
                    ],
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
                    securityContext: containerSecurityContext,
                    volumeMounts: [
                        { name: "data", mountPath: args.volumePath },
                        { name: "files", mountPath: args.filesPath, readOnly: true },
                        ...certificates.map(({ mount }) => mount),
                        { name: "tmp", mountPath: "/tmp" },
                    ],
                },
            ],
            volumes: [
                files.volume,
                ...certificates.map(({ volume }) => volume),
                { name: "tmp", emptyDir: {} },
            ],
        },
    };
}
