/** Everything of Google's that an environment on GKE has; loaded on demand, since Google's SDK is large. */
import { Provider as Google } from "@pulumi/gcp/provider.js";
import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { regionOf } from "../../common/googleCloud.ts";
import { contextName, type GkeConfig, type NodePoolConfig } from "../../config/schema/gke.ts";
import { type ClusterAccess, PROVIDER_SETTINGS } from "../kubernetes/kubernetesProvider.ts";
import { GkeCluster } from "./gkeCluster.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import { NodePools } from "./nodePools.ts";
import { NodeServiceAccount } from "./nodeServiceAccount.ts";

export interface GkeOptions {
    /** Whether this stack makes the cluster, if config says how, and its node pools; others only use them. */
    readonly base: boolean;
    /** Options for the cluster, where one is created. */
    readonly clusterOptions?: pulumi.CustomResourceOptions;
    /** Options for a node pool. */
    readonly poolOptions?: (pool: NodePoolConfig) => pulumi.CustomResourceOptions;
}

/** Registers the cluster of an environment, created or looked at, its node pools, and access to it. */
export function onGke(gke: GkeConfig, { base, clusterOptions, poolOptions }: GkeOptions): ClusterAccess {
    const { project, location } = gke;
    // Not Pulumi's default: that one takes its project from wherever it is run.
    const google = new Google("google", { project, region: regionOf(location) });
    const account = base ? new NodeServiceAccount("gke-nodes", { gke }, { provider: google }) : undefined;
    const creation = account &&
        gke.create && { config: gke.create, serviceAccount: account.email, options: clusterOptions };
    const cluster = new GkeCluster("gke", { gke, creation }, { provider: google });
    const nodePools = account
        ? [
              new NodePools(
                  "gke-pools",
                  { gke, cluster: cluster.cluster, serviceAccount: account.email, options: poolOptions },
                  { provider: google, dependsOn: account },
              ),
          ]
        : [];
    const kubeconfig = pulumi
        .all([cluster.endpoint, cluster.caCertificate])
        .apply(([endpoint, caCertificate]) => writeKubeconfig(gke, { endpoint, caCertificate }));
    const provider = new Provider("kubernetes", {
        kubeconfig,
        context: contextName(gke),
        // What makes it another cluster; a new address does not.
        clusterIdentifier: `${project}/${location}/${gke.cluster}`,
        ...PROVIDER_SETTINGS,
    });
    return { provider, target: { kubeconfig, context: contextName(gke) }, nodePools };
}
