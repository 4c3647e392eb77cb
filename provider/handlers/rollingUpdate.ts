import { setTimeout as sleep } from "node:timers/promises";
import type { V1Pod, V1StatefulSet } from "@kubernetes/client-node";
import { COMPONENT_LABEL } from "../../common/names.ts";
import { type KubeCluster, request } from "../../kafka/kubernetes/cluster.ts";
import { type ClusterInputs, clusterOf } from "../cluster.ts";
import { differs } from "../renewal.ts";
import type { ResourceHandler } from "../resourceHandler.ts";

export interface RollingUpdateInputs {
    readonly cluster: ClusterInputs;
    readonly namespace: string;
    /** Name of the StatefulSet. */
    readonly set: string;
    /** Which of its changes is waited for, as Kubernetes counts them. */
    readonly generation?: number;
}

const MINUTE = 60_000;
/** Longest that a pod may be stuck before the wait ends, in milliseconds: a cluster may have to make nodes first. */
const STUCK_LIMIT = 10 * MINUTE;
/** Longest wait at all, in milliseconds: each server of a large set may have much to catch up with. */
const LIMIT = 120 * MINUTE;
const INTERVAL = 1_000;

/**
 * The end of a rolling update. Pulumi's own provider compares no generations, and takes a set for updated that
 * Kubernetes has not even begun to update.
 */
export const rollingUpdate: ResourceHandler<RollingUpdateInputs, object> = {
    changes: (old, now) => differs(old, now, ["generation"]),
    replaces: (old, now) => (differs(old, now, ["namespace", "set"]) ? ["set"] : []),
    make: async ({ cluster, namespace, set }) => {
        await waitUntilRolledOut(clusterOf(cluster), namespace, set);
        return {};
    },
};

async function waitUntilRolledOut(cluster: KubeCluster, namespace: string, name: string): Promise<void> {
    const end = Date.now() + LIMIT;
    let stuckSince = Date.now();
    for (;;) {
        // An API server that does not answer for a while ends no update.
        const set = await request(cluster, `read StatefulSet ${name}`, () =>
            cluster.apps.readNamespacedStatefulSet({ name, namespace }),
        ).catch(() => undefined);
        if (set === 403 || set === 404) {
            throw new Error(`StatefulSet ${name} of namespace ${namespace} cannot be read (HTTP ${set})`);
        }
        if (set && isRolledOut(set)) {
            return;
        }
        const trouble = await blockingReasonOf(cluster, namespace, name);
        if (trouble === undefined) {
            stuckSince = Date.now();
        }
        if (Date.now() - stuckSince > STUCK_LIMIT || Date.now() > end) {
            throw new Error(
                `${name} of namespace ${namespace} is not rolled out: ${trouble ?? "not every server is Ready"}. Correct the config and run up again; no pod needs to be deleted by hand`,
            );
        }
        await sleep(INTERVAL);
    }
}

/** Whether every server is of the newest revision, and Ready. */
export function isRolledOut({ metadata, spec, status }: V1StatefulSet): boolean {
    const replicas = spec?.replicas ?? 1;
    return (
        (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0) &&
        status?.currentRevision === status?.updateRevision &&
        status?.replicas === replicas &&
        status?.readyReplicas === replicas
    );
}

async function blockingReasonOf(
    cluster: KubeCluster,
    namespace: string,
    name: string,
): Promise<string | undefined> {
    const pods = await request(cluster, `list the pods of ${name}`, () =>
        cluster.core.listNamespacedPod({ namespace, labelSelector: `${COMPONENT_LABEL}=${name}` }),
    ).catch(() => undefined);
    return typeof pods === "object" ? pods.items.map(blockingReason).find(Boolean) : undefined;
}

/** What keeps a pod from starting, if time alone will not mend it. */
export function blockingReason({ metadata, status }: V1Pod): string | undefined {
    const unschedulable = status?.conditions?.find(
        ({ type, reason }) => type === "PodScheduled" && reason === "Unschedulable",
    );
    if (unschedulable) {
        return `${metadata?.name} finds no node: ${unschedulable.message}`;
    }
    for (const { state } of status?.containerStatuses ?? []) {
        const { reason = "", message } = state?.waiting ?? {};
        if (/^(ErrImage|Image|InvalidImage|CrashLoop|CreateContainer|RunContainer)/.test(reason)) {
            return `${metadata?.name} does not start: ${reason}${message ? `, ${message}` : ""}`;
        }
    }
    return undefined;
}
