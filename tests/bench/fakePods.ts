/**
 * Deployments without pods. A Pulumi program is measured against many Projects' worth of objects in a real API server,
 * which two cores could never run: the controllers are frozen, and this stands in for the one of StatefulSets. It
 * makes the claims and calls every set ready, so that the provider has what it waits for.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { AppsV1Api, CoreV1Api } from "@kubernetes/client-node";
import { httpStatus } from "../../kafka/kubernetes/cluster.ts";
import { freezeGroup, thawGroup } from "../../local/platform/cgroup.ts";
import { embeddedConfig } from "../../local/platform/client.ts";
import { groups } from "../../local/platform/layout.ts";

const CONTROLLERS = `${groups.control}/kube-controller-manager`;

/** Runs `deploy` while every StatefulSet that it makes becomes ready by word alone. */
export async function withFakePods(deploy: () => Promise<void>): Promise<void> {
    freezeGroup(CONTROLLERS);
    const stop = new AbortController();
    const pretending = pretend(stop.signal);
    try {
        await deploy();
    } finally {
        stop.abort();
        await pretending;
        thawGroup(CONTROLLERS);
    }
}

/** Removes the namespaces of such deployments, the sets first, for which pods would be made otherwise. */
export async function removeNamespaces(prefix: string): Promise<void> {
    const config = embeddedConfig();
    const [core, apps] = [config.makeApiClient(CoreV1Api), config.makeApiClient(AppsV1Api)];
    const ours = async () =>
        (await core.listNamespace()).items
            .map(({ metadata }) => metadata!.name!)
            .filter((name) => name.startsWith(prefix));
    freezeGroup(CONTROLLERS);
    try {
        for (const namespace of await ours()) {
            for (const { metadata } of (await apps.listNamespacedStatefulSet({ namespace })).items) {
                await apps.deleteNamespacedStatefulSet({
                    namespace,
                    name: metadata!.name!,
                    propagationPolicy: "Background",
                });
            }
            await core.deleteNamespace({ name: namespace });
        }
    } finally {
        thawGroup(CONTROLLERS);
    }
    while ((await ours()).length > 0) {
        await sleep(500);
    }
}

async function pretend(signal: AbortSignal): Promise<void> {
    const config = embeddedConfig();
    const [core, apps] = [config.makeApiClient(CoreV1Api), config.makeApiClient(AppsV1Api)];
    const done = new Set<string>();
    while (!signal.aborted) {
        for (const set of (await apps.listStatefulSetForAllNamespaces()).items) {
            const { name = "", namespace = "", uid = "", generation } = set.metadata ?? {};
            if (done.has(uid) || set.status?.readyReplicas === set.spec!.replicas) {
                continue;
            }
            const replicas = set.spec!.replicas!;
            const [claim] = set.spec!.volumeClaimTemplates!;
            for (let ordinal = 0; ordinal < replicas; ordinal++) {
                await unlessThere(
                    core.createNamespacedPersistentVolumeClaim({
                        namespace,
                        body: { metadata: { name: `data-${name}-${ordinal}` }, spec: claim!.spec! },
                    }),
                );
            }
            const revision = `${name}-1`;
            const counts = {
                replicas,
                readyReplicas: replicas,
                currentReplicas: replicas,
                updatedReplicas: replicas,
            };
            const revisions = { currentRevision: revision, updateRevision: revision };
            const status = {
                ...counts,
                ...revisions,
                availableReplicas: replicas,
                observedGeneration: generation!,
            };
            await apps.replaceNamespacedStatefulSetStatus({ namespace, name, body: { ...set, status } });
            done.add(uid);
        }
        await sleep(100);
    }
}

async function unlessThere(creation: Promise<unknown>): Promise<void> {
    try {
        await creation;
    } catch (error) {
        if (httpStatus(error) !== 409) {
            throw error;
        }
    }
}
