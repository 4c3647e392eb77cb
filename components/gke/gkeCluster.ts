import type { ClusterArgs } from "@pulumi/gcp/container/cluster.js";
import { Cluster } from "@pulumi/gcp/container/cluster.js";
import type { GetClusterResult } from "@pulumi/gcp/container/getCluster.js";
import * as pulumi from "@pulumi/pulumi";
import type { GkeConfig } from "../../config/schema/gke.ts";
import type { GkeCreation } from "../../config/schema/gkeCreation.ts";
import { clusterTimeouts } from "../timeouts.ts";
import { controlPlaneOf, hasOpenDns } from "./controlPlane.ts";
import type { ControlPlane } from "./kubeconfig.ts";
import { secureNode } from "./nodePools.ts";

export interface GkeClusterArgs {
    readonly gke: GkeConfig;
    /** The cluster as Google describes it, unless this is about to create it. */
    readonly found: GetClusterResult | undefined;
    /**
     * Email of the nodes' service account, of the short-lived first pool too. The cluster is created where this and
     * `gke.create` are given; otherwise it exists.
     */
    readonly serviceAccount?: pulumi.Input<string> | undefined;
    /** Labels of a created cluster. */
    readonly resourceLabels: Readonly<Record<string, string>> | undefined;
}

/**
 * What GKE monitors in a new cluster by default: a list that lacks one of these turns it off. Source: GKE's
 * documentation, "Configure metrics collection", as of 2025-08-01.
 */
const MONITORED = [
    "SYSTEM_COMPONENTS",
    "STORAGE",
    "HPA",
    "POD",
    "DAEMONSET",
    "DEPLOYMENT",
    "STATEFULSET",
    "JOBSET",
    "CADVISOR",
    "KUBELET",
    "DCGM",
] as const;

/** A GKE cluster: created, or inspected and found suitable. */
export class GkeCluster extends pulumi.ComponentResource {
    /** Name of the cluster, known once it exists. */
    public readonly cluster: pulumi.Output<string>;
    /** How to reach the Kubernetes API. */
    public readonly controlPlane: pulumi.Output<ControlPlane>;

    /** Version of its control plane, such as `1.35.2-gke.1000`. */
    public readonly version: pulumi.Output<string>;

    constructor(name: string, args: GkeClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("unity-kafka:index:GkeCluster", name, {}, opts);
        const { gke, found, serviceAccount, resourceLabels } = args;
        if (gke.create && serviceAccount !== undefined) {
            const created = new Cluster(
                `${name}-cluster`,
                { ...clusterArgs(gke, gke.create, serviceAccount), resourceLabels },
                {
                    parent: this,
                    customTimeouts: clusterTimeouts,
                    // Both describe the first pool, which is deleted at once: Google then reports some other pool, and to
                    // follow that would mean to replace the cluster.
                    ignoreChanges: ["initialNodeCount", "nodeConfig"],
                },
            );
            this.cluster = created.name;
            // The state has the version of the last refresh, and Google upgrades clusters by itself.
            this.version = found ? pulumi.output(found.masterVersion) : created.masterVersion;
            this.controlPlane = createdControlPlane(created, gke.create, found);
        } else if (found) {
            this.cluster = pulumi.output(found.name);
            this.version = pulumi.output(found.masterVersion);
            this.controlPlane = pulumi.output(controlPlaneOf(found));
        } else {
            throw new Error(`The cluster ${gke.cluster} is neither created here nor found`);
        }
        const { cluster, controlPlane, version } = this;
        this.registerOutputs({ cluster, controlPlane, version });
    }
}

function createdControlPlane(
    created: Cluster,
    { dnsEndpoint }: GkeCreation,
    found: GetClusterResult | undefined,
): pulumi.Output<ControlPlane> {
    // Before the `up` that opens its DNS endpoint, a preview reaches an older cluster by its address only.
    if (found && !hasOpenDns(found) && pulumi.runtime.isDryRun()) {
        return pulumi.output(controlPlaneOf(found));
    }
    return dnsEndpoint
        ? created.controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint.apply((endpoint) => ({ endpoint }))
        : pulumi
              // A certificate is no secret, unlike the key that Google could put beside it.
              .all([created.endpoint, pulumi.unsecret(created.masterAuth.clusterCaCertificate)])
              .apply(([endpoint, caCertificate]) => ({ endpoint, caCertificate }));
}

function clusterArgs(gke: GkeConfig, config: GkeCreation, serviceAccount: pulumi.Input<string>): ClusterArgs {
    return {
        name: gke.cluster,
        project: gke.project,
        location: gke.location,
        deletionProtection: config.deletionProtection,

        networkingMode: "VPC_NATIVE",
        network: config.network,
        subnetwork: config.subnetwork,
        ipAllocationPolicy: {
            clusterSecondaryRangeName: config.podRange,
            servicesSecondaryRangeName: config.serviceRange,
        },
        datapathProvider: "ADVANCED_DATAPATH",
        // Traffic between pods of one node passes the VPC's firewall and flow logs like any other.
        enableIntranodeVisibility: true,
        privateClusterConfig: {
            enablePrivateNodes: true,
            // People and pipelines come from outside the VPC; the list below has the allowed networks.
            enablePrivateEndpoint: false,
            masterIpv4CidrBlock: config.controlPlaneRange,
        },
        controlPlaneEndpointsConfig: {
            // For machines whose addresses nobody knows, such as GitHub's runners: IAM decides who comes in.
            dnsEndpointConfig: { allowExternalTraffic: config.dnsEndpoint },
            ipEndpointsConfig: { enabled: config.authorizedNetworks !== undefined },
        },
        ...(config.authorizedNetworks && {
            masterAuthorizedNetworksConfig: {
                cidrBlocks: config.authorizedNetworks.map(({ name, range }) => ({
                    displayName: name,
                    cidrBlock: range,
                })),
                gcpPublicCidrsAccessEnabled: false,
            },
        }),

        workloadIdentityConfig: { workloadPool: `${gke.project}.svc.id.goog` },
        databaseEncryption: { state: "ENCRYPTED", keyName: config.secretsKey },
        enableShieldedNodes: true,
        masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
        securityPostureConfig: { mode: "BASIC" },

        releaseChannel: { channel: config.releaseChannel },
        maintenancePolicy: { recurringWindow: recurringWindow(config.maintenance) },
        addonsConfig: { gcePersistentDiskCsiDriverConfig: { enabled: true } },
        costManagementConfig: { enabled: true },
        loggingConfig: { enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS"] },
        monitoringConfig: {
            enableComponents: [...MONITORED],
            managedPrometheus: { enabled: true },
        },

        // Google creates no cluster without a pool; ours are resources of their own.
        removeDefaultNodePool: true,
        initialNodeCount: 1,
        nodeConfig: secureNode(serviceAccount),
    };
}

/** The first window, from which Google counts the others. Any date would do, but it must not change. */
function recurringWindow({ start, hours, recurrence }: GkeCreation["maintenance"]) {
    const begins = new Date(`2026-01-03T${start}:00Z`);
    const ends = new Date(begins.getTime() + hours * 3_600_000);
    const text = (time: Date) => time.toISOString().replace(".000", "");
    return { startTime: text(begins), endTime: text(ends), recurrence };
}
