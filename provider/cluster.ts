import { resolve } from "node:path";
import { type Cluster, openCluster } from "../kafka/kube.ts";
import { root } from "../local/paths.ts";

/** The Kubernetes cluster of a resource, as the program names it. */
export interface ClusterInputs {
    /** Path of a kubeconfig, from the checkout on. Default: KUBECONFIG, or ~/.kube/config. */
    readonly kubeconfig?: string;
    readonly context: string;
}

/**
 * The cluster that a resource is in.
 * @throws ConnectionProblem when the kubeconfig cannot be read or has no such context
 */
export function clusterOf({ kubeconfig, context }: ClusterInputs): Cluster {
    return openCluster({
        context,
        ...(kubeconfig !== undefined && { kubeconfig: resolve(root, kubeconfig) }),
    });
}
