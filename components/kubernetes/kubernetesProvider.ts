import { relative, resolve } from "node:path";
import { Provider } from "@pulumi/kubernetes/provider.js";
import type * as pulumi from "@pulumi/pulumi";
import { EMBEDDED_CONTEXT, kubeconfigPath, root } from "../../common/paths.ts";
import type { Environment } from "../../config/schema/environment.ts";
import type { ClusterTarget } from "./namespaceRef.ts";

/** Settings of Kubernetes' provider, wherever the cluster is. */
export const PROVIDER_SETTINGS = {
    // One provider serves every Project; Kubernetes' own limits are meant for one small application.
    kubeClientSettings: { qps: 200, burst: 400 },
    // A client's Secret gets its new certificate in place: for a moment without it no pod that mounts it could start.
    enableSecretMutable: true,
} as const;

/** Access to the cluster of an environment. */
export interface ClusterAccess {
    /** Access to its Kubernetes API. */
    readonly provider: Provider;
    /** The same for what is within a Project's Kafka. */
    readonly target: ClusterTarget;
    /** What servers must wait for. */
    readonly nodePools: readonly pulumi.Resource[];
}

/** The embedded platform of this checkout. The path is that of every checkout, so the state is the same in each. */
const EMBEDDED = { context: EMBEDDED_CONTEXT, kubeconfig: relative(root, kubeconfigPath) };

/** The cluster of a context, or without one the embedded platform: never that of a context that happens to be current. */
export function onContext(kubernetes: Environment["kubernetes"]): ClusterAccess {
    const { context = EMBEDDED.context, kubeconfig } =
        kubernetes.context === undefined ? EMBEDDED : kubernetes;
    const provider = new Provider("kubernetes", {
        context,
        ...(kubeconfig !== undefined && { kubeconfig: resolve(root, kubeconfig) }),
        ...PROVIDER_SETTINGS,
    });
    const target = { context, ...(kubeconfig !== undefined && { kubeconfig }) };
    return { provider, target, nodePools: [] };
}
