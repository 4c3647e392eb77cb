/** Labels of a namespace whose pods must meet the Pod Security Standard `restricted`, as of a version of Kubernetes. */
export const RESTRICTED = {
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/enforce-version": "v1.34",
} as const;
