import type { KubeConfig } from "@kubernetes/client-node";
import { EMBEDDED_CONTEXT, kubeconfigPath } from "../common/paths.ts";
import { openCluster } from "../kafka/kubernetes/cluster.ts";
import { ownCluster } from "./target.ts";

/** Access to the cluster of the stack `local`, embedded or not. */
export function clusterConfig(): KubeConfig {
    return openCluster(ownCluster() ?? { context: EMBEDDED_CONTEXT, kubeconfig: kubeconfigPath }).config;
}
