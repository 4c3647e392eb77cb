import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { parse } from "yaml";
import { EMBEDDED_CONTEXT, kubeconfigPath, root } from "./paths.ts";

/** A cluster of the user's own. */
export interface OwnCluster {
    readonly context: string;
    readonly kubeconfig?: string;
}

/**
 * The cluster that the stack `local` names, or undefined when it names none: then it is the embedded one.
 *
 * @throws Error when the stack file cannot be read as YAML.
 */
export function ownCluster(): OwnCluster | undefined {
    const file = join(root, "Pulumi.local.yaml");
    if (!existsSync(file)) return undefined;
    const stack = parse(readFileSync(file, "utf8")) as { config?: Record<string, unknown> } | null;
    const chosen = stack?.config?.["unity-kafka:kubernetes"];
    if (typeof chosen !== "object" || chosen === null || !("context" in chosen)) return undefined;
    return chosen as OwnCluster;
}

/** Access to the cluster of the stack `local`, whichever that is. */
export function clusterConfig(): KubeConfig {
    const config = new KubeConfig();
    const own = ownCluster();
    if (own === undefined) config.loadFromFile(kubeconfigPath);
    else if (own.kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(own.kubeconfig);
    config.setCurrentContext(own?.context ?? EMBEDDED_CONTEXT);
    return config;
}
