import { KubeConfig } from "@kubernetes/client-node";
import { EMBEDDED_CONTEXT, kubeconfigPath } from "../common/paths.ts";
import { ownCluster } from "./target.ts";

/** Access to the cluster of the stack `local`, embedded or not. */
export function clusterConfig(): KubeConfig {
    const config = new KubeConfig();
    const own = ownCluster();
    if (own === undefined) {
        config.loadFromFile(kubeconfigPath);
    } else if (own.kubeconfig === undefined) {
        config.loadFromDefault();
    } else {
        config.loadFromFile(own.kubeconfig);
    }
    config.setCurrentContext(own?.context ?? EMBEDDED_CONTEXT);
    return config;
}
