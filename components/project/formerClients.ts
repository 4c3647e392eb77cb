import { CLIENT_LABEL, PROJECT_LABEL } from "../../common/names.ts";
import { NAMESPACE_NAME_LABEL } from "../kubernetes/networkPolicy.ts";

interface Selector {
    readonly matchLabels?: Readonly<Record<string, string>>;
}

/** The inputs of a network policy that are read here. */
export interface NetworkPolicyInputs {
    readonly metadata?: { readonly namespace?: string; readonly labels?: Record<string, string> };
    readonly spec?: {
        readonly ingress?: readonly {
            readonly from?: readonly {
                readonly podSelector?: Selector;
                readonly namespaceSelector?: Selector;
            }[];
        }[];
    };
}

/**
 * Why a change would take Kafka from applications that nobody has moved, with what to set first; undefined where it does
 * not. Before components had namespaces of their own, their pods and Secrets were in that of the servers, which the
 * brokers' policy of then tells by allowing clients without naming a namespace.
 */
export function lostClients(before: NetworkPolicyInputs, after: NetworkPolicyInputs): string | undefined {
    const namespace = before.metadata?.namespace;
    const project = before.metadata?.labels?.[PROJECT_LABEL];
    const allowed = namespacesOf(after);
    if (!namespacesOf(before).includes(undefined) || allowed.length === 0 || allowed.includes(namespace)) {
        return undefined;
    }
    const names = [...new Set(allowed)].join(", ");
    return `components of Project ${project} ran in namespace ${namespace} until now, and config has them in ${names}: their pods would lose their Secrets and the brokers. Set namespace of each of them to [${namespace}, NEXT], run this again, move its pods, then leave out ${namespace}: docs/upgrade.md`;
}

/** Namespaces whose clients a policy allows; undefined for that of the policy itself, unnamed. */
function namespacesOf({ spec }: NetworkPolicyInputs): (string | undefined)[] {
    return (spec?.ingress ?? [])
        .flatMap(({ from = [] }) => from)
        .filter(({ podSelector }) => podSelector?.matchLabels?.[CLIENT_LABEL] !== undefined)
        .map(({ namespaceSelector }) => namespaceSelector?.matchLabels?.[NAMESPACE_NAME_LABEL]);
}
