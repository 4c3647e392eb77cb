import { Provider } from "@pulumi/kubernetes/provider.js";
import type { Environment } from "../config/environment.ts";
import { EMBEDDED_CONTEXT, kubeconfigPath } from "../local/paths.ts";

/** One provider serves every Project; Kubernetes' own limits are meant for one small application. */
export const CLIENT_SETTINGS = { qps: 200, burst: 400 } as const;

/** Access to the cluster of a context, or without one to the embedded platform of this checkout. */
export function contextProvider({ context, kubeconfig }: Environment["kubernetes"]): Provider {
    return new Provider("kubernetes", {
        // Never the context that happens to be current: a local stack must not land in somebody's cluster.
        ...(context === undefined
            ? { context: EMBEDDED_CONTEXT, kubeconfig: kubeconfigPath }
            : { context, ...(kubeconfig !== undefined && { kubeconfig }) }),
        kubeClientSettings: CLIENT_SETTINGS,
    });
}
