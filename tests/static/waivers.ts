/** What other people's linters ask for and is not done, each with its reason. At most five. */
export interface Waiver {
    /** What is asked for. */
    readonly what: string;
    readonly reason: string;
    /** What kube-score says of it. */
    readonly kubeScore?: readonly string[];
    /** The numbers that checkov gives it. */
    readonly checkov?: readonly string[];
}

export const waivers: readonly Waiver[] = [
    {
        what: "a limit of CPU",
        reason:
            "A server that is throttled answers too late, its session ends and its partitions move: a limit " +
            "would make outages where the request alone shares a full node fairly.",
        kubeScore: ["CPU limit is not set"],
        checkov: ["CKV_K8S_11"],
    },
    {
        what: "that the image is pulled at each start",
        reason:
            "A tag that names a version does not change. A server that has to come back must not depend on " +
            "the registry's being there at that moment.",
        kubeScore: ["ImagePullPolicy is not set to Always"],
        checkov: ["CKV_K8S_15"],
    },
    {
        what: "a request and a limit of the node's own disk",
        reason:
            "The servers write to claims; on the node there is little but their output, which the kubelet " +
            "rotates by itself. A limit would have it evict a healthy broker.",
        kubeScore: ["Ephemeral Storage limit is not set", "Ephemeral Storage request is not set"],
    },
    {
        what: "an image by its digest",
        reason:
            "Config takes a digest as well as a tag. The stack files have a tag, for people to see the version " +
            "of Kafka in it.",
        checkov: ["CKV_K8S_43"],
    },
    {
        what: "that every network policy is for pods that are there",
        reason: "One is for the Projects' own clients, whose pods other people deploy.",
        kubeScore: ["The NetworkPolicys selector doesn't match any pods"],
    },
];
