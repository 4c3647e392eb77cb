import { resolve } from "node:path";
import { root } from "../common/paths.ts";
import { type KubeCluster, openCluster } from "../kafka/kubernetes/cluster.ts";

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
export function clusterOf({ kubeconfig, context }: ClusterInputs): KubeCluster {
    return openCluster({
        context,
        ...(kubeconfig !== undefined && { kubeconfig: resolve(root, kubeconfig) }),
    });
}
