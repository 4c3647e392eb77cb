/** Rules over network policies: in a namespace all traffic is denied that no policy allows. */

import type { NamespaceArgs } from "@pulumi/kubernetes/core/v1/namespace.js";
import type { NetworkPolicyArgs } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type { Unwrap } from "@pulumi/pulumi";
import { stackRule } from "./stackRule.ts";
import { forEachKnown, mayHold, valueOr } from "./unknown.ts";

const NAMESPACE = "kubernetes:core/v1:Namespace";
const NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const DIRECTIONS = ["Ingress", "Egress"];

/** Whether a policy selects every pod, in both directions, and allows nothing itself. */
function deniesAll({ spec }: Unwrap<NetworkPolicyArgs>): boolean {
    return (
        Object.keys(spec?.podSelector ?? { none: true }).length === 0 &&
        DIRECTIONS.every((direction) => spec?.policyTypes?.includes(direction)) &&
        (spec?.ingress ?? []).length === 0 &&
        (spec?.egress ?? []).length === 0
    );
}

export const everyNamespaceDenies = stackRule(
    {
        name: "namespace-denies-by-default",
        description:
            "Every namespace has a network policy that denies all traffic of all its pods, ingress and egress.",
        types: [NAMESPACE, NETWORK_POLICY],
    },
    (resources, report) => {
        const policies = resources
            .filter(({ type }) => type === NETWORK_POLICY)
            .map(({ props }) => props as Unwrap<NetworkPolicyArgs>);
        const namespaces = resources.filter(({ type }) => type === NAMESPACE);
        forEachKnown(namespaces, ({ props, urn }) => {
            const { metadata } = props as Unwrap<NamespaceArgs>;
            const denied = policies.some((policy) =>
                mayHold(
                    () => policy.metadata?.namespace === metadata?.name,
                    () => deniesAll(policy),
                ),
            );
            if (!denied) {
                const name = valueOr("not known yet", () => metadata?.name);
                report(
                    `Add a NetworkPolicy to namespace ${name} with an empty podSelector, policyTypes Ingress and Egress, and no rules.`,
                    urn,
                );
            }
        });
    },
);
