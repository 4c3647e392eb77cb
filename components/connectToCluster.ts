import * as pulumi from "@pulumi/pulumi";
import type { Environment, ProjectConfig } from "../config/schema/environment.ts";
import type { GkeOptions } from "./gke/gke.ts";
import { type ClusterConnection, connectToContext } from "./kubernetes/kubernetesProvider.ts";
import { reportMissingKinds } from "./missingKinds.ts";
import { reportMissingNamespaces } from "./missingNamespaces.ts";

/**
 * Connects to the cluster of an environment, with the options for one on GKE.
 * @param projects those that the stack manages there
 */
export async function connectToCluster(
    environment: Environment,
    projects: readonly ProjectConfig[],
    options: GkeOptions,
): Promise<ClusterConnection> {
    const connection = await connect(environment, options);
    if (pulumi.runtime.isDryRun()) {
        previewCluster(connection, environment, projects);
    }
    return connection;
}

async function connect({ gke, kubernetes }: Environment, options: GkeOptions): Promise<ClusterConnection> {
    if (gke === undefined) {
        return connectToContext(kubernetes);
    }
    // Google's SDK is large: only an environment on GKE waits until it is loaded.
    const { connectToGke } = await import("./gke/gke.ts");
    return connectToGke(gke, options);
}

/**
 * Says in a preview that the Kubernetes API cannot be reached: the provider then shows what would be without the
 * cluster, and the preview succeeds. Otherwise it says what is missing there. It happens beside everything else, once the
 * cluster's address is known.
 */
function previewCluster(
    { target }: ClusterConnection,
    { gke, monitoring }: Environment,
    projects: readonly ProjectConfig[],
): void {
    pulumi.all([target.kubeconfig, target.context]).apply(async ([kubeconfig, context]) => {
        const { unreachableReason } = await import("../kafka/kubernetes/reachability.ts");
        const reason = await unreachableReason({ kubeconfig, context });
        if (reason === undefined) {
            await reportMissingNamespaces({ kubeconfig, context }, projects);
            await reportMissingKinds({ kubeconfig, context }, monitoring);
            return;
        }
        const wayOut = gke
            ? "from a network that the cluster authorizes, or through its DNS endpoint"
            : "once the cluster is up and its network is reachable";
        await pulumi.log.warn(
            `The Kubernetes API cannot be reached (${reason}), so this preview is not compared with the cluster: what it would create may exist, and what it would not change may differ. Run it ${wayOut}.`,
        );
    });
}
