/** As much of a Kubernetes label selector as this program uses. */
interface Selector {
    readonly matchLabels?: Readonly<Record<string, string>> | undefined;
    readonly matchExpressions?: readonly unknown[] | undefined;
}

/**
 * Whether a selector matches pods with these labels.
 * One without labels, which in Kubernetes matches every pod, or with expressions does not count.
 */
export function selects(selector: Selector | undefined, labels: Readonly<Record<string, string>>): boolean {
    const wanted = Object.entries(selector?.matchLabels ?? {});
    if (wanted.length === 0 || selector?.matchExpressions?.length) {
        return false;
    }
    return wanted.every(([name, value]) => labels[name] === value);
}
