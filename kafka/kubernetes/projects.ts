import type { V1Namespace } from "@kubernetes/client-node";
import { CLIENT_NAMESPACES_ANNOTATION, KAFKA, NAMESPACE_LABEL, PROJECT_LABEL } from "../../common/names.ts";
import { ConnectionError } from "../errors.ts";
import { type KubeCluster, request } from "./cluster.ts";

/** A Project, and how to find its Kafka. */
export interface ProjectRef {
    readonly namespace: string;
    /** The Project's name; the namespace's may carry a prefix. */
    readonly project: string;
    /** How many brokers it should have. */
    readonly brokers: number;
    /** Namespaces of its components' pods, sorted; undefined where the namespace may not be read. */
    readonly clientNamespaces: readonly string[] | undefined;
}

/** Namespaces of Projects, without those that are created for components. */
export const PROJECT_NAMESPACES = `${PROJECT_LABEL},!${NAMESPACE_LABEL}`;

/**
 * Finds a Project's Kafka.
 * @param namespace its namespace; default: that of the only Project
 * @throws ConnectionError when there is no such Project, none at all, or several to choose from
 */
export async function findProject(cluster: KubeCluster, namespace?: string): Promise<ProjectRef> {
    return namespace === undefined ? findOnlyProject(cluster) : findNamedProject(cluster, namespace);
}

async function findOnlyProject(cluster: KubeCluster): Promise<ProjectRef> {
    const namespaces = await listProjects(cluster);
    if (namespaces === undefined) {
        throw new ConnectionError(
            "project",
            `You are not allowed to list the Projects of the cluster ${cluster.title}`,
            "Name the Project with --namespace NAME",
        );
    }
    const [only] = namespaces;
    if (only === undefined) {
        throw new ConnectionError(
            "project",
            `There is no Project in the cluster ${cluster.title}`,
            "Create one with pulumi up",
        );
    }
    if (namespaces.length > 1) {
        const message = `There are ${namespaces.length} Projects: ${namespaces.join(", ")}`;
        throw new ConnectionError("project", message, "Choose one with --namespace NAME");
    }
    return findNamedProject(cluster, only);
}

async function findNamedProject(cluster: KubeCluster, namespace: string): Promise<ProjectRef> {
    const found = await request(cluster, `read namespace ${namespace}`, () =>
        cluster.core.readNamespace({ name: namespace }),
    );
    if (found === 404) {
        throw await noProject("namespace", cluster, namespace, "does not exist");
    }
    // Permissions inside one namespace do not cover reading the namespace itself: its Kafka will do.
    const labels = found === 403 ? {} : (found.metadata?.labels ?? {});
    const label = labels[PROJECT_LABEL];
    if (labels[NAMESPACE_LABEL] !== undefined) {
        throw await noProject(
            "project",
            cluster,
            namespace,
            `is for the components of Project ${label}, not for its servers`,
        );
    }
    if (found !== 403 && label === undefined) {
        throw await noProject("project", cluster, namespace, "is not a Project");
    }
    const set = await request(cluster, `read Kafka in ${namespace}`, () =>
        cluster.apps.readNamespacedStatefulSet({ name: KAFKA.name, namespace }),
    );
    if (set === 403) {
        throw new ConnectionError(
            "cluster",
            `You are not allowed to read StatefulSets in namespace "${namespace}" of the cluster ${cluster.title}`,
            "Ask for the permissions to get statefulsets and to create pods/portforward in it",
        );
    }
    if (set === 404) {
        if (label === undefined) {
            throw await noProject("project", cluster, namespace, "is not a Project");
        }
        throw new ConnectionError(
            "kafka",
            `Project "${label}" has no Kafka yet`,
            "Complete the deployment with pulumi up",
        );
    }
    const brokers = set.spec?.replicas ?? 1;
    if (brokers === 0) {
        throw new ConnectionError(
            "kafka",
            `StatefulSet ${KAFKA.name} in namespace "${namespace}" is scaled to 0`,
            "Scale it up with pulumi up",
        );
    }
    return {
        namespace,
        project: label ?? set.metadata?.labels?.[PROJECT_LABEL] ?? namespace,
        brokers,
        clientNamespaces: found === 403 ? undefined : clientNamespacesOf(found),
    };
}

function clientNamespacesOf({ metadata }: V1Namespace): string[] {
    const names = metadata?.annotations?.[CLIENT_NAMESPACES_ANNOTATION] ?? "";
    return names === "" ? [] : names.split(",");
}

/** Namespaces of all Projects, sorted; undefined if the user is not allowed to list them. */
export async function listProjects(cluster: KubeCluster): Promise<readonly string[] | undefined> {
    const found = await request(cluster, "list the Projects", () =>
        cluster.core.listNamespace({ labelSelector: PROJECT_NAMESPACES }),
    );
    return typeof found === "number"
        ? undefined
        : found.items.map(({ metadata }) => metadata?.name ?? "").sort();
}

async function noProject(
    kind: "namespace" | "project",
    cluster: KubeCluster,
    namespace: string,
    why: string,
): Promise<ConnectionError> {
    const namespaces = await listProjects(cluster);
    const hint =
        namespaces === undefined
            ? "Ask for the name of your Project's namespace; you are not allowed to list them"
            : namespaces.length === 0
              ? "There is no Project yet; create one with pulumi up"
              : `Choose one of: ${namespaces.join(", ")}`;
    return new ConnectionError(kind, `Namespace "${namespace}" ${why} in the cluster ${cluster.title}`, hint);
}
