import { join } from "node:path";
import { root } from "../common/paths.ts";
import type { Environment } from "../config/schema/environment.ts";
import { readStackFile } from "../config/stackFile.ts";

/** A cluster that the stack `local` names by its kube context. */
export interface OwnCluster {
    readonly context: string;
    readonly kubeconfig?: string;
}

/**
 * The configuration of the stack `local`, read as the program reads it.
 *
 * @throws ConfigError naming every error at once
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
