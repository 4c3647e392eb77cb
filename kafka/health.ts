/** The health of a Project, by its Kafka, its pods and its Secrets. */
import { BRIDGE, INSTANCE_LABELS } from "../common/names.ts";
import type { KafkaAdmin } from "./admin/admin.ts";
import { type BridgeState, readBridge } from "./bridge/state.ts";
import type { TopicAdmin } from "./client/projectKafka.ts";
import { type Controllers, findControllers } from "./controllers.ts";
import { reasonOf } from "./errors.ts";
import { type ProjectCertificates, projectCertificates } from "./kubernetes/certificates.ts";
import { type KubeCluster, request } from "./kubernetes/cluster.ts";
import type { ProjectRef } from "./kubernetes/projects.ts";
import { checkTopicCreation } from "./topicCheck.ts";

/** Pods of one StatefulSet or Deployment. */
export interface PodCount {
    readonly ready: number;
    readonly total: number;
}

export interface GroupLag {
    readonly group: string;
    /** Records that it has not read yet, in all partitions that it has committed offsets for. */
    readonly lag: number;
}

export interface KafkaHealth {
    readonly up: number;
    /** Id of the controller as brokers know it; undefined where there is none. */
    readonly controller: number | undefined;
    /** What each broker says of itself. */
    readonly controllers: Controllers;
    /** Why no topic can be created or deleted; undefined where one can. */
    readonly topicFailure: string | undefined;
    readonly topics: number;
    readonly partitions: number;
    /** Partitions that lack a replica, apart from those that are only being added. */
    readonly underReplicated: number;
    /** Partitions whose replicas move; undefined where the controller does not tell. */
    readonly reassigning: number | undefined;
    readonly offline: number;
    /** Undefined while partitions are offline: their end offsets are unknown. */
    readonly groups: readonly GroupLag[] | undefined;
}

export interface Health extends ProjectCertificates {
    readonly project: string;
    readonly namespace: string;
    /** Brokers that there should be. */
    readonly brokers: number;
    /** By the name of their StatefulSet or Deployment; undefined where listing these is not allowed. */
    readonly pods: Readonly<Record<string, PodCount>> | undefined;
    /** Or why Kafka does not answer. */
    readonly kafka: KafkaHealth | string;
    /** Where there is a bridge: its state, or why that is unknown. */
    readonly bridge?: BridgeState | string;
}

/** What is asked of a Project's Kafka. */
export interface HealthClient {
    readonly admin: Pick<
        KafkaAdmin,
        "metadata" | "listReassignments" | "listGroups" | "committedOffsets" | "readTopic"
    > &
        TopicAdmin;
    close(): Promise<void>;
}

/** What is asked of each broker, and of all of them, besides its state. Replaced by tests, and where it is too often. */
export interface HealthChecks {
    readonly controllers: (cluster: KubeCluster, namespace: string, brokers: number) => Promise<Controllers>;
    readonly topicCreation: (admin: TopicAdmin, brokers: number) => Promise<string | undefined>;
}

const CHECKS: HealthChecks = { controllers: findControllers, topicCreation: checkTopicCreation };

/**
 * Checks Kafka, pods and Secrets, all at once.
 * @param open connects with the Project's Kafka
 */
export async function readHealth(
    cluster: KubeCluster,
    projectRef: ProjectRef,
    open: () => Promise<HealthClient>,
    checks: Partial<HealthChecks> = {},
): Promise<Health> {
    const { namespace, project, brokers } = projectRef;
    const opening = open();
    try {
        const [pods, kafka, certificates] = await Promise.all([
            countPods(cluster, namespace),
            opening
                .then((client) => kafkaHealth(client, cluster, projectRef, { ...CHECKS, ...checks }))
                .catch((error: unknown) => reasonOf(error)),
            projectCertificates(cluster, projectRef),
        ]);
        const admin = typeof kafka === "string" ? undefined : (await opening).admin;
        const bridge =
            pods?.[BRIDGE.name] &&
            (await readBridge(cluster, namespace, admin).catch((error: unknown) => reasonOf(error)));
        return { project, namespace, brokers, pods, kafka, ...(bridge && { bridge }), ...certificates };
    } finally {
        // Why it could not be opened is known already.
        await opening.then((kafka) => kafka.close()).catch(() => undefined);
    }
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
        request(cluster, `list StatefulSets in ${namespace}`, () => apps.listNamespacedStatefulSet(of)),
        request(cluster, `list Deployments in ${namespace}`, () => apps.listNamespacedDeployment(of)),
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

async function kafkaHealth(
    { admin }: HealthClient,
    cluster: KubeCluster,
    projectRef: ProjectRef,
    checks: HealthChecks,
): Promise<KafkaHealth> {
    // Without a controller, or while another one is elected, nobody knows.
    const [ongoing, { brokers, controller, topics }] = await Promise.all([
        admin.listReassignments().catch(() => undefined),
        admin.metadata(),
    ]);
    const partitions = topics.flatMap(({ name, partitions: all }) =>
        all.map((each) => {
            const is = (one: { topic: string; partition: number }) =>
                one.topic === name && one.partition === each.partition;
            return { ...each, adding: ongoing?.find(is)?.adding ?? [] };
        }),
    );
    const offline = partitions.filter(({ leader }) => leader < 0).length;
    const [controllers, topicFailure, groups] = await Promise.all([
        checks.controllers(cluster, projectRef.namespace, projectRef.brokers),
        // Without a controller nobody creates it, which is to be said only once.
        controller < 0 ? undefined : checks.topicCreation(admin, brokers.length),
        offline > 0 ? undefined : groupLags(admin),
    ]);
    return {
        up: brokers.length,
        controller: controller < 0 ? undefined : controller,
        controllers,
        topicFailure,
        topics: topics.length,
        partitions: partitions.length,
        underReplicated: partitions.filter(({ replicas, inSync, adding }) =>
            replicas.some((id) => !inSync.includes(id) && !adding.includes(id)),
        ).length,
        reassigning: ongoing?.length,
        offline,
        groups,
    };
}

async function groupLags(admin: HealthClient["admin"]): Promise<GroupLag[]> {
    const ends = new Map<string, Promise<readonly number[]>>();
    const endsOf = (topic: string) => {
        if (!ends.has(topic)) {
            ends.set(topic, admin.endOffsets(topic));
        }
        return ends.get(topic)!;
    };
    const lags: GroupLag[] = [];
    for (const group of [...(await admin.listGroups())].sort()) {
        let lag = 0;
        for (const [topic, offsets] of await admin.committedOffsets(group)) {
            const end = await endsOf(topic);
            offsets.forEach((offset, partition) => {
                if (offset >= 0) {
                    lag += Math.max(0, (end[partition] ?? offset) - offset);
                }
            });
        }
        lags.push({ group, lag });
    }
    return lags;
}
