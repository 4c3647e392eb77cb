import { LimitRange } from "@pulumi/kubernetes/core/v1/limitRange.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { ResourceQuota } from "@pulumi/kubernetes/core/v1/resourceQuota.js";
import * as pulumi from "@pulumi/pulumi";
import { clientNamespaceOf, NAMESPACE_LABEL } from "../../common/names.ts";
import type { DnsConfig } from "../../config/schema/environment.ts";
import type { LimitRangeConfig, ResourceQuotaConfig } from "../../config/schema/resourceQuota.ts";
import { projectLabels } from "../kubernetes/labels.ts";
import { RESTRICTED } from "../kubernetes/podSecurity.ts";
import type { DeletionGuard } from "./deletionGuard.ts";
import { clientNetworkPolicies, registerNetworkPolicies } from "./networkPolicies.ts";

export interface ClientNamespaceArgs {
    /** Name of the Project. */
    readonly project: string;
    /** Namespace of its servers. */
    readonly namespace: string;
    readonly resourceQuota: ResourceQuotaConfig | undefined;
    readonly limitRange: LimitRangeConfig | undefined;
    /** The DNS servers that its pods may ask. */
    readonly dns: DnsConfig;
    readonly deletionGuard: DeletionGuard;
}

/**
 * The namespace of a Project's components that name no other. Their pods are other people's: none of these can reach
 * the servers' namespace, where who may create a pod reads every Secret, and nothing here is deleted unasked.
 */
export class ClientNamespace extends pulumi.ComponentResource {
    constructor(name: string, args: ClientNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
        super("unity-kafka:index:ClientNamespace", name, {}, opts);
        const { project, deletionGuard } = args;
        const namespace = clientNamespaceOf(args.namespace);
        const guarded = { parent: this, ...deletionGuard.protectClientNamespace };
        const created = new Namespace(
            `${name}-namespace`,
            {
                metadata: {
                    name: namespace,
                    labels: { ...projectLabels(project), [NAMESPACE_LABEL]: "clients", ...RESTRICTED },
                },
            },
            guarded,
        );
        registerNetworkPolicies(
            name,
            { project, namespace, specs: clientNetworkPolicies(args.namespace, args.dns) },
            { ...guarded, dependsOn: created },
        );
        // What config limits it may unlimit again, so these have no deletion guard.
        const metadata = { name: "components", namespace, labels: projectLabels(project) };
        const inNamespace = { parent: this, dependsOn: created };
        if (args.resourceQuota) {
            new ResourceQuota(
                `${name}-quota`,
                { metadata, spec: { hard: hardLimits(args.resourceQuota) } },
                inNamespace,
            );
        }
        if (args.limitRange) {
            const limits = [{ type: "Container", defaultRequest: defaultRequests(args.limitRange) }];
            new LimitRange(`${name}-limits`, { metadata, spec: { limits } }, inNamespace);
        }
        this.registerOutputs({});
    }
}

/** By the names of Kubernetes. */
function hardLimits({ pods, cpu, memory, storage }: ResourceQuotaConfig): Record<string, string> {
    return {
        ...(pods !== undefined && { pods: `${pods}` }),
        ...(cpu !== undefined && { "requests.cpu": cpu }),
        ...(memory !== undefined && { "requests.memory": memory }),
        ...(storage !== undefined && { "requests.storage": storage }),
    };
}

function defaultRequests({ cpu, memory }: LimitRangeConfig): Record<string, string> {
    return { ...(cpu !== undefined && { cpu }), ...(memory !== undefined && { memory }) };
}
