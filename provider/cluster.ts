import { resolve } from "node:path";
import type { KubeTarget } from "../common/kubeTarget.ts";
import { root } from "../common/paths.ts";
import { type KubeCluster, openCluster } from "../kafka/kubernetes/cluster.ts";

/**
 * The cluster that a resource is in. A relative path of a kubeconfig counts from the checkout on.
 * @throws ConnectionError when the kubeconfig cannot be read or has no such context
 */
export function clusterOf({ kubeconfig, context }: KubeTarget): KubeCluster {
    return openCluster({ context, kubeconfig: kubeconfig && resolve(root, kubeconfig) });
}

/**
 * The error of one line of an account that may not do something.
 * @param what the request: "list pods"
 * @param hint what to ask for
 */
export function notAllowed(
    what: string,
    namespace: string,
    status: number,
    hint = "Ask for the permission",
): Error {
    return new Error(`you are not allowed to ${what} in namespace ${namespace} (HTTP ${status}). ${hint}`);
}
