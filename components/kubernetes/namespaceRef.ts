import type * as pulumi from "@pulumi/pulumi";
import type { KubeTarget } from "../../common/kubeTarget.ts";

/** A cluster whose kubeconfig may be known only after it was created. */
export type KubeTargetInputs = { readonly [Key in keyof KubeTarget]: pulumi.Input<KubeTarget[Key]> };

/** A namespace of a Kubernetes cluster, for the resources of our own provider. */
export interface NamespaceRef {
    readonly cluster: KubeTargetInputs;
    readonly namespace: pulumi.Input<string>;
}
