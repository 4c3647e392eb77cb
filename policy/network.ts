/** Rules over network policies: in a namespace all traffic is denied that no policy allows. */

import type { NamespaceArgs } from "@pulumi/kubernetes/core/v1/namespace.js";
import type { NetworkPolicyArgs } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type { StackValidationPolicy } from "@pulumi/policy";
import type { Unwrap } from "@pulumi/pulumi";

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

export const everyNamespaceDenies: StackValidationPolicy = {
    name: "namespace-denies-by-default",
    description:
        "Every namespace has a network policy that denies all traffic of all its pods, ingress and egress.",
    enforcementLevel: "mandatory",
    validateStack: ({ resources }, report) => {
        const denying = resources
            .filter(({ type }) => type === "kubernetes:networking.k8s.io/v1:NetworkPolicy")
            .map(({ props }) => props as Unwrap<NetworkPolicyArgs>)
            .filter(deniesAll)
            .map(({ metadata }) => metadata?.namespace);
        for (const { type, props, urn } of resources) {
            if (type !== "kubernetes:core/v1:Namespace") {
                continue;
            }
            const name = (props as Unwrap<NamespaceArgs>).metadata?.name;
            if (!denying.includes(name)) {
                report(
                    `Add a NetworkPolicy to namespace ${name} with an empty podSelector, policyTypes Ingress and Egress, and no rules.`,
                    urn,
                );
            }
        }
    },
};
