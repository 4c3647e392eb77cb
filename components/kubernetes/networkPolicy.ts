/** Parts of network policies. */
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import { COMPONENT_LABEL } from "../../common/names.ts";

export function tcp(port: number): k8s.networking.v1.NetworkPolicyPort {
    return { protocol: "TCP", port };
}

/** The pods of one StatefulSet or Deployment, in the namespace of the policy. */
export const podsOf = (workload: string) => ({
    podSelector: { matchLabels: { [COMPONENT_LABEL]: workload } },
});

/** Label that the API server gives each namespace, so that nobody can take the name of another. */
export const NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name";

/** Pods of another namespace with these labels; without labels, all of its pods. */
export function podsIn(
    namespace: string,
    matchLabels?: Readonly<Record<string, string>>,
): k8s.networking.v1.NetworkPolicyPeer {
    return {
        namespaceSelector: { matchLabels: { [NAMESPACE_NAME_LABEL]: namespace } },
        ...(matchLabels && { podSelector: { matchLabels } }),
    };
}

/** Addresses outside of pods, or of pods that have their node's. */
export function addressesIn(cidr: string): k8s.networking.v1.NetworkPolicyPeer {
    return { ipBlock: { cidr } };
}

/** Lets pods connect to some peers, or anywhere where none are named: an empty `to` means the same, but says so to nobody. */
export function egressTo(
    peers: k8s.networking.v1.NetworkPolicyPeer[],
    ports: k8s.networking.v1.NetworkPolicyPort[],
): k8s.networking.v1.NetworkPolicyEgressRule {
    return { ...(peers.length > 0 && { to: peers }), ports };
}

/** Lets the pods of namespaces scrape a port. No rule where there are none: an empty `from` would allow everybody. */
export function metricsIngress(
    namespaces: readonly string[],
    port: number,
): k8s.networking.v1.NetworkPolicyIngressRule[] {
    if (namespaces.length === 0) {
        return [];
    }
    return [{ from: namespaces.map((namespace) => podsIn(namespace)), ports: [tcp(port)] }];
}
