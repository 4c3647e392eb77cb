import { KAFKA, PROJECT_LABEL } from "../../common/names.ts";
import { ConnectionError } from "../errors.ts";
import { ask, type KubeCluster } from "./cluster.ts";

/** Where a Project's Kafka is. */
export interface ProjectRef {
    readonly namespace: string;
    /** The Project's name; the namespace's may carry a prefix. */
    readonly project: string;
    /** How many brokers it should have. */
    readonly brokers: number;
}

/**
 * Finds a Project's Kafka.
 * @param namespace its namespace; default: that of the only Project there is
 * @throws ConnectionProblem when there is no such Project, none at all, or several to choose from
 */
export async function findProject(cluster: KubeCluster, namespace?: string): Promise<ProjectRef> {
    return namespace === undefined ? findOnlyProject(cluster) : findNamedProject(cluster, namespace);
}

async function findOnlyProject(cluster: KubeCluster): Promise<ProjectRef> {
    const namespaces = await listProjects(cluster);
    if (namespaces === undefined) {
        throw new ConnectionError(
            "project",
            `You may not list the Projects of the cluster ${cluster.title}`,
            "Name yours with --namespace NAME",
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
        const what = `There are ${namespaces.length} Projects: ${namespaces.join(", ")}`;
        throw new ConnectionError("project", what, "Choose one with --namespace NAME");
    }
    return findNamedProject(cluster, only);
}

async function findNamedProject(cluster: KubeCluster, namespace: string): Promise<ProjectRef> {
    const found = await ask(cluster, `read namespace ${namespace}`, () =>
        cluster.core.readNamespace({ name: namespace }),
    );
    if (found === 404) {
        throw await noProject(cluster, namespace, "does not exist");
    }
    // Someone with rights inside one namespace only may not look at the namespace itself: its Kafka will do.
    const label = found === 403 ? undefined : found.metadata?.labels?.[PROJECT_LABEL];
    if (found !== 403 && label === undefined) {
        throw await noProject(cluster, namespace, "is not a Project");
    }
    const set = await ask(cluster, `read Kafka in ${namespace}`, () =>
        cluster.apps.readNamespacedStatefulSet({ name: KAFKA.name, namespace }),
    );
    if (set === 403) {
        throw new ConnectionError(
            "cluster",
            `You may not look into namespace "${namespace}" of the cluster ${cluster.title}`,
            "Ask for the right to get statefulsets and to create pods/portforward in it",
        );
    }
    if (set === 404) {
        if (label === undefined) {
            throw await noProject(cluster, namespace, "is not a Project");
        }
        throw new ConnectionError(
            "cluster",
            `Project "${label}" has no Kafka yet`,
            "Finish its deployment with pulumi up",
        );
    }
    const brokers = set.spec?.replicas ?? 1;
    if (brokers === 0) {
        throw new ConnectionError(
            "cluster",
            `Kafka of namespace "${namespace}" is scaled to 0`,
            "Scale it up",
        );
    }
    return { namespace, project: label ?? set.metadata?.labels?.[PROJECT_LABEL] ?? namespace, brokers };
}

/** Namespaces of all Projects, sorted; undefined if the user may not list them. */
export async function listProjects(cluster: KubeCluster): Promise<readonly string[] | undefined> {
    const found = await ask(cluster, "list the Projects", () =>
        cluster.core.listNamespace({ labelSelector: PROJECT_LABEL }),
    );
    return typeof found === "number"
        ? undefined
        : found.items.map(({ metadata }) => metadata?.name ?? "").sort();
}

async function noProject(cluster: KubeCluster, namespace: string, why: string): Promise<ConnectionError> {
    const namespaces = await listProjects(cluster);
    const advice =
        namespaces === undefined
            ? "Ask for the name of your Project's namespace; you may not list them"
            : namespaces.length === 0
              ? "There is no Project yet; create one with pulumi up"
              : `Choose one of the Projects there are: ${namespaces.join(", ")}`;
    return new ConnectionError(
        "project",
        `Namespace "${namespace}" ${why} in the cluster ${cluster.title}`,
        advice,
    );
}
