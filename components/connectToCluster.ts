import type { Environment } from "../config/schema/environment.ts";
import type { GkeOptions } from "./gke/gke.ts";
import { type ClusterConnection, connectToContext } from "./kubernetes/kubernetesProvider.ts";

/** Connects to the cluster of an environment, with the options for one on GKE. */
export async function connectToCluster(
    { gke, kubernetes }: Environment,
    options: GkeOptions,
): Promise<ClusterConnection> {
    if (gke === undefined) {
        return connectToContext(kubernetes);
    }
    // Google's SDK is large: only an environment on GKE waits until it is loaded.
    const { connectToGke } = await import("./gke/gke.ts");
    return connectToGke(gke, options);
}
