/** What linters ask for and is not done, each with its reason. At most five. */
export interface Waiver {
    /** What is asked for. */
    readonly what: string;
    readonly reason: string;
    /** Its summaries in kube-score. */
    readonly kubeScore?: readonly string[];
    /** Its numbers in checkov. */
    readonly checkov?: readonly string[];
}

export const waivers: readonly Waiver[] = [
    {
        what: "a limit of CPU",
        reason:
            "A throttled server answers too late, loses its ZooKeeper session and its partitions their leader: a limit " +
            "would cause outages, and the request alone shares a full node fairly.",
        kubeScore: ["CPU limit is not set"],
        checkov: ["CKV_K8S_11"],
    },
    {
        what: "imagePullPolicy Always",
        reason:
            "A tag that names a version does not change. A server that restarts must not depend on " +
            "the registry being reachable at that moment.",
        kubeScore: ["ImagePullPolicy is not set to Always"],
        checkov: ["CKV_K8S_15"],
    },
    {
        what: "a request and a limit of ephemeral storage",
        reason:
            "The servers write to PVCs; on the node there is little but their output, which the kubelet " +
            "rotates. With a limit it would evict a healthy broker.",
        kubeScore: ["Ephemeral Storage limit is not set", "Ephemeral Storage request is not set"],
    },
    {
        what: "an image by its digest",
        reason:
            "dev and prod have one. The image of the embedded platform is built there and in no registry, and config " +
            "accepts a tag alone, of which unity check warns in production.",
        checkov: ["CKV_K8S_43"],
    },
    {
        what: "that every network policy selects existing pods",
        reason: "One is for the Project's client pods, which others deploy.",
        kubeScore: ["The NetworkPolicys selector doesn't match any pods"],
    },
];
