/** What a killed run of pulumi was doing, by the state of its stack. */

/** A resource in a state, as far as it is read. */
export interface StateResource {
    readonly urn: string;
    readonly type: string;
    readonly id?: string;
    readonly parent?: string;
    /** URN and id of its provider. */
    readonly provider?: string;
    readonly dependencies?: readonly string[];
    readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>> | null;
    readonly deletedWith?: string;
    readonly inputs?: Readonly<Record<string, unknown>>;
    readonly outputs?: Readonly<Record<string, unknown>>;
}

interface PendingOperation {
    /** `creating`, `updating`, `deleting` and others. */
    readonly type: string;
    readonly resource: StateResource;
}

/** A state as `pulumi stack export` prints it. */
export interface StackState {
    readonly deployment?: {
        readonly resources?: readonly StateResource[];
        readonly pending_operations?: readonly PendingOperation[];
    };
}

export const resourcesOf = ({ deployment }: StackState): readonly StateResource[] =>
    deployment?.resources ?? [];

/** The resource of the stack itself, which is the first; undefined before the first `up`. */
export const rootOf = (state: StackState): string | undefined =>
    resourcesOf(state).find(({ type }) => type === "pulumi:pulumi:Stack")?.urn;

const pendingOf = ({ deployment }: StackState): readonly PendingOperation[] =>
    deployment?.pending_operations ?? [];

/** One line each, "creating Service demo-kafka-client"; none after a run that ended in order. */
export function pendingTexts(state: StackState): string[] {
    return pendingOf(state).map(({ type, resource }) => `${type} ${nameOf(resource)}`);
}

/**
 * The state without its pending operations, for `pulumi stack import`. An object whose creation had been requested
 * joins the resources, so that the next refresh finds out whether it exists: then it is Pulumi's, also where the
 * program has no such object any more. Where its id is unknown, it is only forgotten: to create it again is to adopt
 * it, since our own resources look first at what exists.
 */
export function withoutPending(state: StackState): StackState {
    const resources = [...resourcesOf(state)];
    const known = new Set(resources.map(({ urn }) => urn));
    for (const { type, resource } of pendingOf(state)) {
        const id = type === "creating" ? idOf(resource) : undefined;
        // With an older object of the same URN, this one was to replace it: it is the one that has the name.
        const whole = !known.has(resource.urn) && referencesOf(resource).every((urn) => known.has(urn));
        if (id !== undefined && whole) {
            known.add(resource.urn);
            resources.push({ ...resource, id, outputs: outputsOf(resource) });
        }
    }
    return { ...state, deployment: { ...state.deployment, resources, pending_operations: [] } };
}

/** What Google Cloud may have although Pulumi does not know it; its providers do not adopt what exists. */
export function unknownInGoogle(state: StackState): string[] {
    return pendingOf(state)
        .filter(({ type, resource }) => type === "creating" && resource.type.startsWith("gcp:"))
        .map(({ resource }) => nameOf(resource));
}

const nameOf = ({ type, urn }: StateResource) => `${type.split(":").at(-1)} ${urn.split("::").at(-1)}`;

/** The id that a resource gets, where its inputs tell. */
function idOf({ type, urn, inputs }: StateResource): string | undefined {
    if (type === "unity:kafka:Topic") {
        return urn.split("::").at(-1);
    }
    if (!isKubernetesObject(type)) {
        return undefined;
    }
    const { name, namespace } = (inputs?.metadata ?? {}) as { name?: unknown; namespace?: unknown };
    if (typeof name !== "string" || (namespace !== undefined && typeof namespace !== "string")) {
        return undefined;
    }
    return namespace === undefined ? name : `${namespace}/${name}`;
}

const isKubernetesObject = (type: string) => type.startsWith("kubernetes:") && !type.endsWith("Patch");

/** The Kubernetes provider keeps the last inputs beside the object; a refresh replaces both by what it finds. */
function outputsOf({ type, inputs = {} }: StateResource): Record<string, unknown> {
    return isKubernetesObject(type)
        ? { ...inputs, __inputs: inputs, __initialApiVersion: inputs.apiVersion }
        : { ...inputs };
}

/** URNs that must be in the state for a resource to be. */
function referencesOf({
    parent,
    provider,
    dependencies,
    propertyDependencies,
    deletedWith,
}: StateResource): string[] {
    return [
        parent,
        provider?.split("::").slice(0, -1).join("::"),
        deletedWith,
        ...(dependencies ?? []),
        ...Object.values(propertyDependencies ?? {}).flatMap((urns) => urns ?? []),
    ].filter((urn) => urn !== undefined && urn !== "") as string[];
}
