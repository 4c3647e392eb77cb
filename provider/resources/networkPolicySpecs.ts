import * as pulumi from "@pulumi/pulumi";
import type { InNamespace, ResourceArgs } from "./inputs.ts";

export interface NetworkPolicySpecsInputs extends InNamespace {
    /** Name of the Project, for messages. */
    readonly project: string;
    /** The whole spec of each NetworkPolicy, by its name; plain, so that a preview always knows it. */
    readonly policies: Readonly<Record<string, object>>;
}

export type NetworkPolicySpecsArgs = ResourceArgs<Omit<NetworkPolicySpecsInputs, "policies">> &
    Pick<NetworkPolicySpecsInputs, "policies">;

/**
 * What the NetworkPolicies of a namespace allow, and nothing more. The Kubernetes provider compares only what its
 * inputs name: a rule that was appended by hand, or a list that they do not have, it neither shows nor removes. Objects
 * are not created here: one that is missing is left to its NetworkPolicy resource.
 */
export class NetworkPolicySpecs extends pulumi.CustomResource {
    constructor(name: string, args: NetworkPolicySpecsArgs, opts?: pulumi.CustomResourceOptions) {
        super("unity:kubernetes:NetworkPolicySpecs", name, args, opts);
    }
}
