/** Parts of network policies. */
import type * as k8s from "@pulumi/kubernetes/types/input.js";

export function tcp(port: number): k8s.networking.v1.NetworkPolicyPort {
    return { protocol: "TCP", port };
}

/** Lets the pods of namespaces scrape a port. No rule where there are none: an empty `from` would allow everybody. */
export function metricsIngress(
    namespaces: readonly string[],
    port: number,
): k8s.networking.v1.NetworkPolicyIngressRule[] {
    if (namespaces.length === 0) {
        return [];
    }
    const from = namespaces.map((namespace) => ({
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    }));
    return [{ from, ports: [tcp(port)] }];
}
