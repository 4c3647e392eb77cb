/** All of an environment on GKE that is Google's; loaded on demand, since Google's SDK is large. */
import { Provider as Google } from "@pulumi/gcp/provider.js";
import { Provider } from "@pulumi/kubernetes/provider.js";
import type * as pulumi from "@pulumi/pulumi";
import { googleLabels } from "../../common/google/labels.ts";
import { regionOf } from "../../common/google/locations.ts";
import { contextName, type GkeConfig } from "../../config/schema/gke.ts";
import type { Collector } from "../../config/schema/monitoring.ts";
import { type ClusterConnection, PROVIDER_SETTINGS } from "../kubernetes/kubernetesProvider.ts";
import type { DeletionGuard } from "../project/deletionGuard.ts";
import { GkeCluster } from "./gkeCluster.ts";
import { inspectCluster } from "./inspection.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import { Nat } from "./nat.ts";
import { NodePools } from "./nodePools.ts";
import { NodeServiceAccount } from "./nodeServiceAccount.ts";
import { tellsZones } from "./preflightChecks.ts";
import { RemoteRepository } from "./remoteRepository.ts";

export interface GkeOptions {
    /** Whether this stack has the cluster, if config says how to create it, and its node pools; others use them. */
    readonly base: boolean;
    /** Image of the servers, which the nodes must be able to pull. */
    readonly image: string;
    /** What is to collect metrics. */
    readonly collector: Collector;
    /** Labels of config's. */
    readonly labels: Readonly<Record<string, string>>;
    readonly deletionGuard: DeletionGuard;
}

/**
 * Registers the cluster of an environment, created or only inspected, its node pools, and the connection to it.
 *
 * @throws pulumi.RunError where a cluster that exists is unsuitable, or Google's API fails, before anything but Google's
 * provider is registered
 */
export async function connectToGke(
    gke: GkeConfig,
    { base, image, collector, labels, deletionGuard }: GkeOptions,
): Promise<ClusterConnection> {
    const { project, location } = gke;
    // Pulumi's default provider takes its project from the machine it runs on.
    const google = new Google("google", { project, region: regionOf(location) });
    const found = await inspectCluster(gke, { base, image, collector, provider: google });
    const resourceLabels = googleLabels(labels);
    const waysToImages = base ? registerWaysToImages(gke, resourceLabels, google) : [];
    const account = base
        ? new NodeServiceAccount("gke-nodes", { gke, image }, { provider: google, dependsOn: waysToImages })
        : undefined;
    const { cluster, controlPlane, version } = new GkeCluster(
        "gke",
        { gke, found, serviceAccount: account?.email, resourceLabels },
        { provider: google },
    );
    const dependencies: pulumi.Resource[] = [...waysToImages];
    if (account) {
        const args = { gke, cluster, serviceAccount: account.email, resourceLabels, deletionGuard };
        dependencies.push(new NodePools("gke-pools", args, { provider: google, dependsOn: account }));
    }
    const kubeconfig = controlPlane.apply((known) => writeKubeconfig(gke, known));
    const context = contextName(gke);
    const provider = new Provider("kubernetes", {
        kubeconfig,
        context,
        // Tells the provider whether it is another cluster; a new address does not make it one.
        clusterIdentifier: `${project}/${location}/${gke.cluster}`,
        ...PROVIDER_SETTINGS,
    });
    return {
        provider,
        target: { kubeconfig, context },
        // As Google says at this moment: once the control plane is upgraded, the next `up` restarts the brokers with racks.
        tellsZones: version.apply(tellsZones),
        dependencies,
    };
}

/** What nodes without public addresses need in order to pull images. */
function registerWaysToImages(
    gke: GkeConfig,
    resourceLabels: Readonly<Record<string, string>> | undefined,
    provider: Google,
): pulumi.Resource[] {
    const { create, remoteRepository } = gke;
    return [
        ...(remoteRepository
            ? [new RemoteRepository("gke-images", { gke, remoteRepository, resourceLabels }, { provider })]
            : []),
        ...(create?.nat ? [new Nat("gke-nat", { gke, create }, { provider })] : []),
    ];
}
