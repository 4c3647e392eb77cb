/** The servers of a StatefulSet as Kubernetes sees them. */
import type { V1Pod, V1StatefulSet } from "@kubernetes/client-node";
import { COMPONENT_LABEL } from "../../../common/names.ts";
import { listCertificates } from "../../../kafka/kubernetes/certificates.ts";
import { type KubeCluster, request } from "../../../kafka/kubernetes/cluster.ts";
import { notAllowed } from "../../cluster.ts";
import type { RollingUpdateInputs } from "../../resources/rollingUpdate.ts";

/** What names a StatefulSet, and its Project in messages. */
export type StatefulSetRef = Pick<RollingUpdateInputs, "namespace" | "project" | "statefulSet">;

/** One server, which may have no pod at the moment. */
export interface Server {
    /** Name of its pod. */
    readonly name: string;
    readonly ordinal: number;
    /** UID of its pod; undefined where there is none, or it is being deleted. */
    readonly uid: string | undefined;
    /** Whether its pod is of another revision than the StatefulSet's newest. */
    readonly outdated: boolean;
    readonly ready: boolean;
    /** How long its container runs, in milliseconds; 0 where it does not. */
    readonly runsFor: number;
    /** Whether a certificate that it shows has expired: it may be Ready, but nobody can connect to it. */
    readonly expired: boolean;
    /** What keeps it from starting, if waiting alone will not help. */
    readonly failure: Failure | undefined;
}

export interface Failure {
    readonly reason: string;
    /** How long it may go away by itself, in milliseconds. */
    readonly patience: number;
}

const MINUTE = 60_000;
/** A cluster may have to add nodes first. */
const UNSCHEDULABLE = 10 * MINUTE;
/** A registry, or a node, may have a bad moment. */
const NOT_STARTED = 2 * MINUTE;
/** It has crashed twice before. */
const CRASHING = MINUTE;

/**
 * Reads a StatefulSet.
 * @throws Error of one line where there is none, or it may not be read; ConnectionError when the cluster does not answer
 */
export async function readStatefulSet(
    cluster: KubeCluster,
    { namespace, statefulSet: name, project }: StatefulSetRef,
): Promise<V1StatefulSet> {
    const found = await findStatefulSet(cluster, namespace, name);
    if (found === undefined) {
        throw new Error(
            `StatefulSet ${name} of Project ${project} was deleted, but not by this program. Run up with --refresh`,
        );
    }
    return found;
}

/** Reads a StatefulSet; undefined where there is none. Throws as {@link readStatefulSet} does otherwise. */
export async function findStatefulSet(
    cluster: KubeCluster,
    namespace: string,
    name: string,
): Promise<V1StatefulSet | undefined> {
    const found = await request(cluster, `read StatefulSet ${name} in ${namespace}`, () =>
        cluster.apps.readNamespacedStatefulSet({ name, namespace }),
    );
    if (found === 403) {
        throw notAllowed("read StatefulSets", namespace, found);
    }
    return found === 404 ? undefined : found;
}

/**
 * Reads the servers of a StatefulSet, in the order of their ordinals.
 * @throws ConnectionError when the cluster does not answer; Error where its pods may not be listed
 */
export async function readServers(
    cluster: KubeCluster,
    namespace: string,
    { metadata, spec, status }: V1StatefulSet,
): Promise<Server[]> {
    const name = metadata?.name ?? "";
    const pods = await listPods(cluster, namespace, name);
    const revision = status?.updateRevision;
    const outdated = pods.filter((pod) => isOutdated(pod, revision));
    // Of no interest for those that have nothing to be updated.
    const expired = outdated.length > 0 ? await expiredSecrets(cluster, namespace) : new Set<string>();
    return Array.from({ length: spec?.replicas ?? 1 }, (_, ordinal) => {
        const pod = pods.find((each) => each.metadata?.name === `${name}-${ordinal}`);
        const isLeaving = pod?.metadata?.deletionTimestamp !== undefined;
        return {
            name: `${name}-${ordinal}`,
            ordinal,
            uid: isLeaving ? undefined : pod?.metadata?.uid,
            outdated: pod !== undefined && isOutdated(pod, revision),
            ready: pod !== undefined && !isLeaving && isReady(pod),
            runsFor: pod ? runsFor(pod) : 0,
            expired: (pod?.spec?.volumes ?? []).some(({ secret }) => expired.has(secret?.secretName ?? "")),
            failure: pod && failureOf(pod),
        };
    });
}

/** Names of pods that a StatefulSet has become too small for, and that still run. Throws as {@link readServers} does. */
export async function readLeaving(
    cluster: KubeCluster,
    namespace: string,
    { metadata, spec }: V1StatefulSet,
): Promise<string[]> {
    const name = metadata?.name ?? "";
    const pods = await listPods(cluster, namespace, name);
    const names = pods.map((pod) => pod.metadata?.name ?? "");
    return names.filter((pod) => Number(pod.slice(name.length + 1)) >= (spec?.replicas ?? 1)).sort();
}

/** All pods of a StatefulSet, also those that shut down. Throws as {@link readServers} does. */
export async function listPods(
    cluster: KubeCluster,
    namespace: string,
    name: string,
): Promise<readonly V1Pod[]> {
    const pods = await request(cluster, `list the pods of ${name} in ${namespace}`, () =>
        cluster.core.listNamespacedPod({ namespace, labelSelector: `${COMPONENT_LABEL}=${name}` }),
    );
    if (typeof pods === "number") {
        throw notAllowed("list pods", namespace, pods);
    }
    return pods.items;
}

/** Whether Kubernetes has seen the last change of a StatefulSet. */
export function isObserved({ metadata, status }: V1StatefulSet): boolean {
    return (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
}

/** What keeps a pod from starting, if waiting alone will not help. */
export function failureOf(pod: V1Pod): Failure | undefined {
    const { status } = pod;
    const unschedulable = status?.conditions?.find(
        ({ type, reason }) => type === "PodScheduled" && reason === "Unschedulable",
    );
    if (unschedulable) {
        return { reason: `is unschedulable: ${unschedulable.message}`, patience: UNSCHEDULABLE };
    }
    for (const { state, lastState, restartCount } of status?.containerStatuses ?? []) {
        const { reason = "", message } = state?.waiting ?? {};
        if (/^(ErrImage|Image|InvalidImage|CreateContainer|RunContainer)/.test(reason)) {
            return { reason: `does not start: ${withDetail(reason, message)}`, patience: NOT_STARTED };
        }
        const ended = state?.terminated ?? lastState?.terminated;
        // Between two crashes it runs for a moment; one that runs for longer has crashed for other reasons, long ago.
        const isCrashing = restartCount > 1 && runsFor(pod) < CRASHING;
        if (ended && (reason === "CrashLoopBackOff" || isCrashing)) {
            const how = withDetail(`exit code ${ended.exitCode}`, ended.reason);
            return { reason: `crashes again and again: ${how}`, patience: CRASHING };
        }
    }
    return undefined;
}

/** How long a pod's container runs, in milliseconds; 0 where it does not. */
function runsFor({ status }: V1Pod): number {
    const since = status?.containerStatuses?.[0]?.state?.running?.startedAt;
    return since === undefined ? 0 : Math.max(0, Date.now() - since.getTime());
}

function withDetail(what: string, detail: string | undefined): string {
    return detail === undefined || detail === "" ? what : `${what}, ${detail.replace(/\s+/g, " ").trim()}`;
}

function isOutdated({ metadata }: V1Pod, revision: string | undefined): boolean {
    return metadata?.labels?.["controller-revision-hash"] !== revision;
}

function isReady({ status }: V1Pod): boolean {
    return status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false;
}

/** Names of the Secrets whose certificate has expired. Where they may not be listed, none counts as such. */
async function expiredSecrets(cluster: KubeCluster, namespace: string): Promise<ReadonlySet<string>> {
    const certificates = (await listCertificates(cluster, namespace)) ?? [];
    const now = Date.now();
    return new Set(
        certificates.filter(({ expiresAt }) => expiresAt.getTime() <= now).map(({ secret }) => secret),
    );
}
