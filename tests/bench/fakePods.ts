/**
 * Deployments without pods. A Pulumi program is measured against many Projects' worth of objects in a real API server,
 * which two cores could never run: the controllers are frozen, and this stands in for the one of StatefulSets. It
 * makes the claims and the pods, which no scheduler takes, and calls them Ready.
 */
import { setTimeout as sleep } from "node:timers/promises";
import {
    AppsV1Api,
    CoreV1Api,
    type V1Container,
    type V1PodTemplateSpec,
    type V1StatefulSet,
} from "@kubernetes/client-node";
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
            const revision = `${name}-1`;
            try {
                for (let ordinal = 0; ordinal < replicas; ordinal++) {
                    await fakeServer(core, set, ordinal, revision);
                }
            } catch (error) {
                // Its service account is yet to come.
                if (httpStatus(error) === 403) {
                    continue;
                }
                throw error;
            }
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

/** A claim that is bound, and a pod that no scheduler takes and that is called Ready. */
async function fakeServer(
    core: CoreV1Api,
    { metadata, spec }: V1StatefulSet,
    ordinal: number,
    revision: string,
): Promise<void> {
    const { name, namespace = "", uid } = metadata!;
    const server = { namespace, name: `${name}-${ordinal}` };
    const [claim] = spec!.volumeClaimTemplates!;
    const data = { namespace, name: `data-${server.name}` };
    const { resources } = claim!.spec!;
    await unlessThere(
        core.createNamespacedPersistentVolumeClaim({
            namespace,
            body: {
                metadata: { name: data.name, labels: claim!.metadata?.labels ?? {} },
                spec: claim!.spec!,
            },
        }),
    );
    const pvc = await core.readNamespacedPersistentVolumeClaim(data);
    const bound = { phase: "Bound", capacity: { storage: resources!.requests!.storage! } };
    await core.replaceNamespacedPersistentVolumeClaimStatus({ ...data, body: { ...pvc, status: bound } });
    const template = spec!.template;
    const owner = { apiVersion: "apps/v1", kind: "StatefulSet", name: name!, uid: uid!, controller: true };
    await unlessThere(
        core.createNamespacedPod({
            namespace,
            body: {
                metadata: {
                    name: server.name,
                    labels: { ...template.metadata?.labels, "controller-revision-hash": revision },
                    annotations: template.metadata?.annotations ?? {},
                    ownerReferences: [owner],
                },
                spec: {
                    ...template.spec!,
                    schedulerName: "nobody",
                    volumes: [],
                    containers: containersOf(template),
                },
            },
        }),
    );
    const pod = await core.readNamespacedPod(server);
    const status = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
    await core.replaceNamespacedPodStatus({ ...server, body: { ...pod, status } });
}

/** Without volumes, as some are claims of the set. */
function containersOf({ spec }: V1PodTemplateSpec): V1Container[] {
    return spec!.containers.map((container) => ({ ...container, volumeMounts: [] }));
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
