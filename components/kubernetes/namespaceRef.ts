import type * as pulumi from "@pulumi/pulumi";

/** A namespace of a Kubernetes cluster, for what our own provider does there. */
export interface NamespaceRef {
    readonly cluster: ClusterTarget;
    readonly namespace: pulumi.Input<string>;
}

/** A Kubernetes cluster. */
export interface ClusterTarget {
    /** Path of a kubeconfig, from the checkout on. Default: KUBECONFIG, or ~/.kube/config. */
    readonly kubeconfig?: pulumi.Input<string>;
    readonly context: string;
}
