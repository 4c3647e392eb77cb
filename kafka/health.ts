/** How a Project is: what its Kafka, its pods and its Secrets say. */
import { BRIDGE, INSTANCE_LABELS } from "../common/names.ts";
import type { Metadata } from "./admin/metadata.ts";
import type { ProjectKafka } from "./client/projectKafka.ts";
import { reasonOf } from "./errors.ts";
import { listCertificates, type SecretCertificate } from "./kubernetes/certificates.ts";
import { ask, type KubeCluster } from "./kubernetes/cluster.ts";
import type { ProjectRef } from "./kubernetes/projects.ts";
import { type BridgeLag, readBridgeLag } from "./mirrorMakerLag.ts";

/** Pods of one set. */
export interface PodCount {
    readonly ready: number;
    readonly total: number;
}

export interface GroupLag {
    readonly group: string;
    /** Records that it has not read yet, in all partitions that it has begun. */
    readonly lag: number;
}

export interface KafkaHealth {
    readonly up: number;
    /** Id of the controller; undefined where there is none. */
    readonly controller: number | undefined;
    readonly topics: number;
    readonly partitions: number;
    readonly underReplicated: number;
    readonly offline: number;
    /** Undefined while partitions are offline: their ends cannot be asked for. */
    readonly groups: readonly GroupLag[] | undefined;
}

export interface Health {
    readonly project: string;
    readonly namespace: string;
    /** Brokers there should be. */
    readonly brokers: number;
    /** By the name of their set; undefined where sets may not be listed. */
    readonly pods: Readonly<Record<string, PodCount>> | undefined;
    /** Or in a sentence why Kafka says nothing. */
    readonly kafka: KafkaHealth | string;
    /** Where there is a bridge: its lags, or in a sentence why they are not known. */
    readonly bridge?: readonly BridgeLag[] | string;
    /** Undefined where Secrets may not be listed. */
    readonly certificates: readonly SecretCertificate[] | undefined;
}

/** The ways into one Project's Kafka. */
export interface KafkaConnection {
    readonly kafka: Pick<ProjectKafka, "listGroups" | "committedOffsets" | "endOffsets" | "close">;
    metadata(): Promise<Metadata>;
}

/**
 * Asks everybody who knows, side by side.
 * @param open connects with the Project's Kafka
 */
export async function readHealth(
    cluster: KubeCluster,
    place: ProjectRef,
    open: () => Promise<KafkaConnection>,
): Promise<Health> {
    const { namespace, project, brokers } = place;
    const [pods, kafka, certificates] = await Promise.all([
        countPods(cluster, namespace),
        kafkaHealth(open).catch((error: unknown) => reasonOf(error)),
        listCertificates(cluster, namespace),
    ]);
    const bridge =
        pods?.[BRIDGE.name] &&
        (await readBridgeLag(cluster, namespace).catch((error: unknown) => reasonOf(error)));
    return { project, namespace, brokers, pods, kafka, ...(bridge && { bridge }), certificates };
}

async function countPods(
    cluster: KubeCluster,
    namespace: string,
): Promise<Record<string, PodCount> | undefined> {
    const { apps } = cluster;
    const of = {
        namespace,
        labelSelector: Object.entries(INSTANCE_LABELS)
            .map((label) => label.join("="))
            .join(),
    };
    const found = await Promise.all([
        ask(cluster, `list StatefulSets in ${namespace}`, () => apps.listNamespacedStatefulSet(of)),
        ask(cluster, `list Deployments in ${namespace}`, () => apps.listNamespacedDeployment(of)),
    ]);
    const counts: Record<string, PodCount> = {};
    for (const sets of found) {
        if (typeof sets === "number") {
            return undefined;
        }
        for (const { metadata, spec, status } of sets.items) {
            counts[metadata?.name ?? ""] = { ready: status?.readyReplicas ?? 0, total: spec?.replicas ?? 1 };
        }
    }
    return counts;
}

async function kafkaHealth(open: () => Promise<KafkaConnection>): Promise<KafkaHealth> {
    const { kafka, metadata } = await open();
    try {
        const { brokers, controller, topics } = await metadata();
        const partitions = topics.flatMap((topic) => topic.partitions);
        const offline = partitions.filter(({ leader }) => leader < 0).length;
        return {
            up: brokers.length,
            controller: controller < 0 ? undefined : controller,
            topics: topics.length,
            partitions: partitions.length,
            underReplicated: partitions.filter(({ replicas, inSync }) => inSync.length < replicas.length)
                .length,
            offline,
            groups: offline > 0 ? undefined : await groupLags(kafka),
        };
    } finally {
        await kafka.close();
    }
}

async function groupLags(kafka: KafkaConnection["kafka"]): Promise<GroupLag[]> {
    const ends = new Map<string, Promise<readonly number[]>>();
    const endsOf = (topic: string) => {
        if (!ends.has(topic)) {
            ends.set(topic, kafka.endOffsets(topic));
        }
        return ends.get(topic)!;
    };
    const lags: GroupLag[] = [];
    for (const group of [...(await kafka.listGroups())].sort()) {
        let lag = 0;
        for (const [topic, positions] of await kafka.committedOffsets(group)) {
            const end = await endsOf(topic);
            positions.forEach((position, partition) => {
                if (position >= 0) {
                    lag += Math.max(0, (end[partition] ?? position) - position);
                }
            });
        }
        lags.push({ group, lag });
    }
    return lags;
}
