/** The spec of a NetworkPolicy in the form in which the Kubernetes API returns it. */
export type NetworkPolicySpec = Readonly<Record<string, unknown>>;

/**
 * A spec with what the API adds to it (protocol TCP, `policyTypes`) and without what the API drops (empty lists and
 * labels), so that two specs of one meaning are equal. An empty object stays: `podSelector: {}` is every pod, and the
 * rule `{}` allows everything.
 *
 * @param spec a spec as written, or as client-node has read it
 */
export function withApiDefaults(spec: object): NetworkPolicySpec {
    const fields = apiForm(spec) as NetworkPolicySpec;
    const policyTypes = fields.egress === undefined ? ["Ingress"] : ["Ingress", "Egress"];
    return { podSelector: {}, policyTypes, ...fields };
}

function apiForm(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(apiForm);
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    const fields = Object.entries(value)
        // client-node has the field `from` under another name.
        .map(([name, inner]): [string, unknown] => [name === "_from" ? "from" : name, apiForm(inner)])
        .filter(([name, inner]) => !isUnset(name, inner))
        .map(([name, inner]) => [name, name === "ports" ? (inner as object[]).map(withProtocol) : inner]);
    return Object.fromEntries(fields);
}

function isUnset(name: string, value: unknown): boolean {
    if (Array.isArray(value)) {
        return value.length === 0;
    }
    return (
        value === undefined || value === null || (name === "matchLabels" && Object.keys(value).length === 0)
    );
}

function withProtocol(port: object): object {
    return { protocol: "TCP", ...port };
}
