/** A Kubernetes cluster, by kubeconfig and context. */
export interface KubeTarget {
    /** Path of a kubeconfig. Default: KUBECONFIG, else ~/.kube/config, else the service account of the pod. */
    readonly kubeconfig?: string | undefined;
    /** A context of it. Default: its current context. */
    readonly context?: string | undefined;
}
