import { isDeepStrictEqual } from "node:util";
import { PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { retryUntilAborted } from "../../kafka/client/retry.ts";
import { ConnectionError, lineOf } from "../../kafka/errors.ts";
import { type KubeCluster, request } from "../../kafka/kubernetes/cluster.ts";
import type { CallContext } from "../callContext.ts";
import { clusterOf, notAllowed } from "../cluster.ts";
import { type NetworkPolicySpec, withApiDefaults } from "../networkPolicySpec.ts";
import type { NetworkPolicySpecsInputs } from "../resources/networkPolicySpecs.ts";

/** How long an API server that does not answer is asked again, in milliseconds. */
const LIMIT = 60_000;

/**
 * The state with the specs that the NetworkPolicies have; one that is missing is as the state says. Warns of the
 * namespace's other NetworkPolicies, since what any of them allows is allowed, and where the cluster does not answer,
 * which leaves the state as it is.
 *
 * @throws Error of one line where they may not be listed, or the credentials are rejected
 */
export async function readPolicies(
    state: NetworkPolicySpecsInputs,
    { warn }: CallContext,
): Promise<NetworkPolicySpecsInputs> {
    const { namespace, project } = state;
    try {
        const live = await listSpecs(clusterOf(state.cluster), state);
        const others = [...live.keys()].filter((name) => !(name in state.policies)).sort();
        if (others.length > 0) {
            warn(
                `namespace ${namespace} of Project ${project} has NetworkPolicies that are not of this program: ${others.join(", ")}. What they allow is allowed too: delete those that should not be by kubectl delete`,
            );
        }
        const policies = Object.fromEntries(
            Object.entries(state.policies).map(([name, spec]) => [name, live.get(name) ?? spec]),
        );
        return isDeepStrictEqual(policies, state.policies) ? state : { ...state, policies };
    } catch (error) {
        if (error instanceof ConnectionError && error.retriable) {
            warn(`the state of the NetworkPolicies of Project ${project} is left as it is: ${lineOf(error)}`);
            return state;
        }
        throw new Error(lineOf(error), { cause: error });
    }
}

/**
 * Gives each NetworkPolicy that differs its spec, whole. One that is missing is left out.
 *
 * @throws Error of one line where that is not allowed, or the cluster does not answer within a minute
 */
export async function restorePolicies(
    inputs: NetworkPolicySpecsInputs,
    { info, signal }: CallContext,
): Promise<void> {
    const { namespace, project, policies } = inputs;
    const isUseless = (error: unknown) => !(error instanceof ConnectionError && error.retriable);
    let lastError: unknown;
    const restore = async () => {
        try {
            const cluster = clusterOf(inputs.cluster);
            const live = await listSpecs(cluster, inputs);
            for (const [name, spec] of Object.entries(policies)) {
                if (live.has(name) && !isDeepStrictEqual(live.get(name), spec)) {
                    await replaceSpec(cluster, namespace, name, spec);
                    info(`${project}: sets the spec of NetworkPolicy ${name}`);
                }
            }
        } catch (error) {
            lastError = error;
            throw error;
        }
    };
    try {
        await retryUntilAborted(restore, AbortSignal.any([signal, AbortSignal.timeout(LIMIT)]), isUseless);
    } catch (error) {
        const reason = signal.aborted ? error : (lastError ?? error);
        throw new Error(`the NetworkPolicies of Project ${project} are not verified: ${lineOf(reason)}`, {
            cause: error,
        });
    }
}

/** The specs of all NetworkPolicies in a namespace, by name; none where there is no such namespace. */
async function listSpecs(
    cluster: KubeCluster,
    { namespace }: NetworkPolicySpecsInputs,
): Promise<Map<string, NetworkPolicySpec>> {
    const found = await request(cluster, `list the NetworkPolicies in ${namespace}`, () =>
        cluster.networking.listNamespacedNetworkPolicy({ namespace }),
    );
    if (typeof found === "number") {
        throw notAllowed(
            "list NetworkPolicies",
            namespace,
            found,
            "Ask for the permission to list networkpolicies",
        );
    }
    return new Map(
        found.items.map(({ metadata, spec }) => [metadata?.name ?? "", withApiDefaults(spec ?? {})]),
    );
}

/**
 * Replaces a spec as a whole: an apply would leave a list that config does not have to the one who has added it. The
 * fields are then those of `unity-kafka`, from whom the Kubernetes provider takes them by force.
 */
async function replaceSpec(
    cluster: KubeCluster,
    namespace: string,
    name: string,
    spec: object,
): Promise<void> {
    const body = [{ op: "replace", path: "/spec", value: spec }];
    const answer = await request(cluster, `change NetworkPolicy ${name} in ${namespace}`, () =>
        cluster.networking.patchNamespacedNetworkPolicy(
            { name, namespace, body, fieldManager: "unity-kafka" },
            setHeaderOptions("Content-Type", PatchStrategy.JsonPatch),
        ),
    );
    // One that was deleted meanwhile is missing, as above.
    if (answer === 403) {
        throw new Error(
            `NetworkPolicy ${name} in namespace ${namespace} cannot be changed (HTTP 403). Ask for the permission to patch networkpolicies`,
        );
    }
}
