import { basename } from "node:path";
import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import { COMPONENT_LABEL, INSTANCE_LABELS, PVC } from "../../common/names.ts";
import type { ProbeValues } from "../../config/schema/fields.ts";
import { RollingUpdate } from "../../provider/resources/rollingUpdate.ts";
import { formerSibling } from "../aliases.ts";
import { digest } from "../digest.ts";
import { projectLabels } from "../kubernetes/labels.ts";
import type { KubeTargetInputs } from "../kubernetes/namespaceRef.ts";
import type { DeletionGuard } from "../project/deletionGuard.ts";
import { STEP_MINUTES, serverTimeouts } from "../timeouts.ts";
import type { CertificateAuthority } from "../tls/certificateAuthority.ts";
import { fromPod, type PodArgs, podTemplate } from "./pod.ts";
import { schedulingConstraints, type Topology } from "./scheduling.ts";

/** What distinguishes one StatefulSet of servers, each with an identity and a volume of its own, from another. */
export interface StatefulServersArgs {
    /** Name of the StatefulSet and of its container; also the value of the selecting label. */
    readonly statefulSet: "zookeeper" | "kafka";
    readonly project: string;
    /** Labels of config's, for pods and PVCs. */
    readonly labels: Readonly<Record<string, string>>;
    readonly namespace: pulumi.Input<string>;
    readonly replicas: number;
    readonly image: string;
    /** Shell script that ends in the server itself. ORDINAL and ZONE are in its environment. */
    readonly start: pulumi.Input<string>;
    /** Further variables of the script's environment. Default: none. */
    readonly env?: readonly k8s.core.v1.EnvVar[];
    readonly ports: Record<string, number>;
    /** Headless service that gives each server its address. */
    readonly headlessService: { name: string; ports: readonly string[] };
    /** Service for clients, in front of the servers that are Ready. */
    readonly clientService: { name: string; ports: readonly string[] };
    /** Files by name, found under `filesPath` in the container. */
    readonly files: Record<string, pulumi.Input<string>>;
    readonly filesPath: string;
    /** ConfigMaps by the name of their volume. Default: none. */
    readonly configMaps?: NonNullable<PodArgs["configMaps"]>;
    /** Secrets with the servers' certificates, by the folder where they are mounted. */
    readonly certificates: Record<string, pulumi.Input<string>>;
    /** The CAs of these certificates, which the pods tell. */
    readonly cas: readonly CertificateAuthority[];
    readonly volumePath: string;
    readonly probes: Record<"startup" | "liveness" | "readiness", ProbeValues & k8s.core.v1.Probe>;
    readonly cpu: string;
    readonly memory: string;
    readonly disk: { size: string; storageClass: string };
    readonly topology: Topology;
    readonly deletionGuard: DeletionGuard;
    /** The cluster, for the rolling update. */
    readonly target: KubeTargetInputs;
    readonly terminationGracePeriodSeconds: number;
}

/** The cluster autoscaler must not restart servers only to save a node; upgrades and repairs still drain nodes. */
const SAFE_TO_EVICT = { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" } as const;

/**
 * A StatefulSet with its service account, services, disruption budget and rolling update. What can never change
 * without replacing it (PVC templates, selector, service, pod management) is fixed here.
 */
export class StatefulServers extends pulumi.ComponentResource {
    /** Counts the changes of the StatefulSet. */
    public readonly generation: pulumi.Output<number>;

    constructor(name: string, args: StatefulServersArgs, opts?: pulumi.ComponentResourceOptions) {
        super("unity-kafka:index:StatefulServers", name, {}, opts);
        const selector = { [COMPONENT_LABEL]: args.statefulSet };
        const metadata = (object: string) => ({
            name: object,
            namespace: args.namespace,
            labels: projectLabels(args.project, args.statefulSet),
        });
        const port = (portName: string) => ({
            name: portName,
            port: args.ports[portName]!,
            targetPort: portName,
        });
        // In version 0.1.0 these were children of the ensemble or cluster itself.
        const child = (formerly: string) => ({
            parent: this,
            aliases: [formerSibling(name.replace(/-servers$/, `-${formerly}`), opts)],
        });
        const { protectProject, preventDataLoss } = args.deletionGuard;

        const account = new ServiceAccount(
            `${name}-account`,
            { metadata: metadata(args.statefulSet), automountServiceAccountToken: false },
            { ...child("account"), ...protectProject },
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
            { ...child("headless"), ...protectProject },
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
            { ...child("clients"), ...protectProject },
        );
        new PodDisruptionBudget(
            `${name}-budget`,
            {
                metadata: metadata(args.statefulSet),
                spec: { maxUnavailable: 1, selector: { matchLabels: selector } },
            },
            { ...child("budget"), ...protectProject },
        );
        const template = serverPod(args, account.metadata.name);
        const statefulSet = new StatefulSet(
            `${name}-statefulset`,
            {
                metadata: {
                    ...metadata(args.statefulSet),
                    // Complete when it exists: its servers are waited for by their rolling update.
                    annotations: { "pulumi.com/waitFor": "jsonpath={.metadata.uid}" },
                },
                spec: {
                    serviceName: headless.metadata.name,
                    replicas: args.replicas,
                    selector: { matchLabels: selector },
                    podManagementPolicy: "Parallel",
                    // Kubernetes knows nothing of quorums and replicas: RollingUpdate below restarts the pods.
                    updateStrategy: { type: "OnDelete" },
                    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
                    template,
                    volumeClaimTemplates: [
                        {
                            metadata: { name: PVC },
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
                ...child("set"),
                hooks: { ...protectProject.hooks, ...preventDataLoss.hooks },
                customTimeouts: serverTimeouts,
                // The rolling update grows PVCs; no field of their template can change.
                ignoreChanges: ["spec.volumeClaimTemplates[0].spec.resources"],
            },
        );
        const { generation } = statefulSet.metadata;
        new RollingUpdate(
            `${name}-rolling-update`,
            {
                cluster: args.target,
                namespace: args.namespace,
                project: args.project,
                statefulSet: args.statefulSet,
                generation,
                template: pulumi.output(template).apply((pod) => digest(JSON.stringify(pod))),
                diskSize: args.disk.size,
                // The state of an older version has none, which is no change.
                ...(Object.keys(args.labels).length > 0 && { labels: args.labels }),
                replicas: args.replicas,
                timeout: STEP_MINUTES[args.statefulSet],
                verify: !pulumi.runtime.isDryRun(),
            },
            { ...child("rollout"), dependsOn: statefulSet, deletedWith: statefulSet },
        );
        this.generation = generation;
        this.registerOutputs({ generation });
    }
}

function serverPod(
    args: StatefulServersArgs,
    serviceAccountName: pulumi.Input<string>,
): k8s.core.v1.PodTemplateSpec {
    const { statefulSet, certificates } = args;
    const selector = { [COMPONENT_LABEL]: statefulSet };
    return podTemplate({
        ...args,
        name: statefulSet,
        serviceAccountName,
        labels: { ...args.labels, ...INSTANCE_LABELS, ...selector },
        annotations: Object.assign(
            { ...SAFE_TO_EVICT },
            ...args.cas.map(({ podAnnotations }) => podAnnotations),
        ),
        scheduling: schedulingConstraints(statefulSet, selector, args.topology),
        env: [
            fromPod("ORDINAL", "metadata.labels['apps.kubernetes.io/pod-index']"),
            fromPod("ZONE", "metadata.labels['topology.kubernetes.io/zone']"),
            ...(args.env ?? []),
        ],
        secrets: Object.fromEntries(
            Object.entries(certificates).map(([mountPath, secretName]) => [
                `tls-${basename(mountPath)}`,
                { mountPath, secretName },
            ]),
        ),
        pvcs: { [PVC]: args.volumePath },
    });
}
