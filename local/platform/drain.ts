import { setTimeout as sleep } from "node:timers/promises";
import {
    CoreV1Api,
    type KubeConfig,
    PatchStrategy,
    setHeaderOptions,
    type V1Pod,
} from "@kubernetes/client-node";
import { statusOf } from "./client.ts";

export interface DrainOptions {
    /** How long to wait for all pods to leave, in seconds; default 300. */
    readonly timeoutSeconds?: number;
    /** Told what is being waited for. */
    readonly onStep?: (text: string) => void;
}

/**
 * Cordons a node and evicts its pods, except those that belong to the node itself, and waits until they are gone.
 * A pod whose disruption budget forbids it just now is asked again every second. Works on any cluster.
 *
 * @throws Error naming the pods that are left when the time is over.
 */
export async function drainNode(config: KubeConfig, node: string, options: DrainOptions = {}): Promise<void> {
    const api = config.makeApiClient(CoreV1Api);
    const deadline = Date.now() + (options.timeoutSeconds ?? 300) * 1_000;
    await setCordoned(api, node, true);
    const { items } = await api.listPodForAllNamespaces({ fieldSelector: `spec.nodeName=${node}` });
    let left = items.filter(isMovable);
    while (left.length > 0) {
        const answers = await Promise.all(left.map((pod) => evict(api, pod)));
        left = left.filter((_, position) => answers[position] !== "gone");
        if (left.length === 0) {
            break;
        }
        const refused = answers.filter((answer) => answer === "refused").length;
        options.onStep?.(`${left.length} pods left, ${refused} of them kept by their disruption budgets`);
        if (Date.now() > deadline) {
            const names = left.map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`);
            throw new Error(
                `still on ${node} after ${options.timeoutSeconds ?? 300} seconds: ${names.join(", ")}`,
            );
        }
        await sleep(1_000);
    }
}

/** Forbids the scheduler to put pods on a node, or allows it again. */
export async function setCordoned(api: CoreV1Api, node: string, cordoned: boolean): Promise<void> {
    await api.patchNode(
        { name: node, body: { spec: { unschedulable: cordoned } } },
        setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
}

/** Asks for a pod to go. A namesake that has taken its place elsewhere is another pod. */
async function evict(api: CoreV1Api, pod: V1Pod): Promise<"gone" | "leaving" | "refused"> {
    const { name = "", namespace = "", uid } = pod.metadata ?? {};
    try {
        const now = await api.readNamespacedPod({ name, namespace });
        if (now.metadata?.uid !== uid) {
            return "gone";
        }
        if (now.metadata?.deletionTimestamp !== undefined) {
            return "leaving";
        }
        await api.createNamespacedPodEviction({
            name,
            namespace,
            body: { metadata: { name, namespace }, deleteOptions: { preconditions: uid ? { uid } : {} } },
        });
        return "leaving";
    } catch (error) {
        if (statusOf(error) === 404) {
            return "gone";
        }
        if (statusOf(error) === 409) {
            return "leaving";
        }
        if (statusOf(error) === 429) {
            return "refused";
        }
        throw error;
    }
}

function isMovable(pod: V1Pod): boolean {
    const finished = pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
    return (
        !finished &&
        !pod.metadata?.ownerReferences?.some(({ kind }) => kind === "DaemonSet" || kind === "Node")
    );
}
