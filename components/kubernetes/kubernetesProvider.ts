import { relative, resolve } from "node:path";
import { Provider } from "@pulumi/kubernetes/provider.js";
import type * as pulumi from "@pulumi/pulumi";
import { EMBEDDED_CONTEXT, kubeconfigPath, root } from "../../common/paths.ts";
import type { Environment } from "../../config/schema/environment.ts";
import type { KubeTargetInputs } from "./namespaceRef.ts";

/** Settings of the Kubernetes provider, wherever the cluster is. */
export const PROVIDER_SETTINGS = {
    // One provider serves every Project; Kubernetes' own limits are meant for one small application.
    kubeClientSettings: { qps: 200, burst: 400 },
    // A client's Secret gets its new certificate in place: for a moment without it no pod that mounts it could start.
    enableSecretMutable: true,
    // Nor a broker, without the rules of its metrics.
    enableConfigMapMutable: true,
} as const;

export interface ClusterConnection {
    /** Kubernetes API of the cluster. */
    readonly provider: Provider;
    /** The same for our own provider. */
    readonly target: KubeTargetInputs;
    /** Whether the API server tells pods the zones of their nodes. */
    readonly tellsZones: pulumi.Input<boolean>;
    /** What servers must wait for. */
    readonly dependencies: readonly pulumi.Resource[];
}

/** The embedded platform of this checkout. The path is that of every checkout, so the state is the same in each. */
const EMBEDDED = { context: EMBEDDED_CONTEXT, kubeconfig: relative(root, kubeconfigPath) };

/** Connects to the cluster of a context, or without one to the embedded platform, but never to the current context. */
export function connectToContext(kubernetes: Environment["kubernetes"]): ClusterConnection {
    const { context = EMBEDDED.context, kubeconfig } =
        kubernetes.context === undefined ? EMBEDDED : kubernetes;
    const provider = new Provider("kubernetes", {
        context,
        ...(kubeconfig !== undefined && { kubeconfig: resolve(root, kubeconfig) }),
        ...PROVIDER_SETTINGS,
    });
    const target = { context, ...(kubeconfig !== undefined && { kubeconfig }) };
    // Its version is not known here: config says where it is too old.
    return { provider, target, tellsZones: true, dependencies: [] };
}
