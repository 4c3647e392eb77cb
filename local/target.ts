import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { EMBEDDED_CONTEXT, kubeconfigPath, root } from "../common/paths.ts";
import type { Environment } from "../config/schema/environment.ts";
import { readStackFile } from "../config/stackFile.ts";

/** A cluster of the user's own. */
export interface OwnCluster {
    readonly context: string;
    readonly kubeconfig?: string;
}

/**
 * What the stack `local` says, read as the program reads it.
 *
 * @throws ConfigError naming every fault at once
 */
export function localEnvironment(): Environment {
    return readStackFile(join(root, "Pulumi.local.yaml"));
}

/**
 * The cluster that the stack `local` names, or undefined when it names none: then it is the embedded one.
 *
 * @throws ConfigError as {@link localEnvironment}
 */
export function ownCluster(): OwnCluster | undefined {
    const { context, kubeconfig } = localEnvironment().kubernetes;
    if (context === undefined) {
        return undefined;
    }
    return { context, ...(kubeconfig === undefined ? {} : { kubeconfig }) };
}

/** Access to the cluster of the stack `local`, whichever that is. */
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
