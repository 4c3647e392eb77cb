import { setTimeout as sleep } from "node:timers/promises";
import type { V1Pod, V1StatefulSet } from "@kubernetes/client-node";
import { COMPONENT_LABEL } from "../../common/names.ts";
import { type KubeCluster, request } from "../../kafka/kubernetes/cluster.ts";
import { clusterOf } from "../cluster.ts";
import type { RollingUpdateInputs } from "../resources/rollingUpdate.ts";

const MINUTE = 60_000;
/** Longest that a pod may be blocked before the wait ends, in milliseconds: a cluster may have to add nodes first. */
const BLOCKED_LIMIT = 10 * MINUTE;
/** Longest wait at all, in milliseconds: each server of a large StatefulSet may have much to replicate. */
const LIMIT = 120 * MINUTE;
const INTERVAL = 1_000;

/**
 * Waits until every server of a StatefulSet has the newest revision and is Ready.
 * @throws Error of one line when a pod is blocked for too long
 */
export async function waitUntilRolledOut(inputs: RollingUpdateInputs): Promise<void> {
    const { namespace, statefulSet: name } = inputs;
    const cluster = clusterOf(inputs.cluster);
    const end = Date.now() + LIMIT;
    let blockedSince = Date.now();
    for (;;) {
        // An API server that is down for a while ends no rolling update.
        const statefulSet = await request(cluster, `read StatefulSet ${name}`, () =>
            cluster.apps.readNamespacedStatefulSet({ name, namespace }),
        ).catch(() => undefined);
        if (statefulSet === 403 || statefulSet === 404) {
            throw new Error(
                `StatefulSet ${name} of namespace ${namespace} cannot be read (HTTP ${statefulSet})`,
            );
        }
        if (statefulSet && isRolledOut(statefulSet)) {
            return;
        }
        const reason = await blockingReasonOf(cluster, namespace, name);
        if (reason === undefined) {
            blockedSince = Date.now();
        }
        if (Date.now() - blockedSince > BLOCKED_LIMIT || Date.now() > end) {
            throw new Error(
                `the rolling update of ${name} in namespace ${namespace} is blocked: ${reason ?? "not every server is Ready"}. Fix the config and run up again; no pod needs to be deleted by hand`,
            );
        }
        await sleep(INTERVAL);
    }
}

/** Whether every server has the newest revision, and is Ready. */
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

/** What keeps a pod from starting, if waiting alone will not fix it. */
export function blockingReason({ metadata, status }: V1Pod): string | undefined {
    const unschedulable = status?.conditions?.find(
        ({ type, reason }) => type === "PodScheduled" && reason === "Unschedulable",
    );
    if (unschedulable) {
        return `${metadata?.name} is unschedulable: ${unschedulable.message}`;
    }
    for (const { state } of status?.containerStatuses ?? []) {
        const { reason = "", message } = state?.waiting ?? {};
        if (/^(ErrImage|Image|InvalidImage|CrashLoop|CreateContainer|RunContainer)/.test(reason)) {
            return `${metadata?.name} does not start: ${reason}${message ? `, ${message}` : ""}`;
        }
    }
    return undefined;
}
