/** The ConfigMap that lets servers of a new ZooKeeper ensemble begin with empty disks. */
import { INSTANCE_LABELS, PROJECT_LABEL, PVC, ZOOKEEPER } from "../../common/names.ts";
import { lineOf } from "../../kafka/errors.ts";
import { type KubeCluster, request } from "../../kafka/kubernetes/cluster.ts";
import type { CallContext } from "../callContext.ts";
import { clusterOf, notAllowed } from "../cluster.ts";
import type { InNamespace } from "../resources/inputs.ts";
import type { ZookeeperInitializationInputs } from "../resources/zookeeperInitialization.ts";

const { configMap: NAME, key: KEY } = ZOOKEEPER.initialization;

/**
 * Whether a namespace has no server's disk yet, and its servers no permission to begin without.
 * @throws Error of one line where that may not be read; ConnectionError when the cluster does not answer
 */
export async function isNew(inputs: ZookeeperInitializationInputs): Promise<boolean> {
    const cluster = clusterOf(inputs.cluster);
    return !(await hasDisks(cluster, inputs)) && !(await isInitializing(cluster, inputs.namespace));
}

/**
 * Lets the servers begin with empty disks, unless there is a disk of one of them.
 * @throws Error of one line where that is not allowed, or the cluster does not answer
 */
export async function allowInitialization(
    inputs: ZookeeperInitializationInputs,
    { info }: CallContext,
): Promise<void> {
    try {
        if (await isNew(inputs)) {
            await createConfigMap(inputs);
            info(`${inputs.project}: begins a new ZooKeeper ensemble`);
        }
    } catch (error) {
        throw new Error(`ZooKeeper of Project ${inputs.project} cannot begin: ${lineOf(error)}`, {
            cause: error,
        });
    }
}

async function createConfigMap(inputs: ZookeeperInitializationInputs): Promise<void> {
    const { namespace, project } = inputs;
    const cluster = clusterOf(inputs.cluster);
    const labels = { ...INSTANCE_LABELS, [PROJECT_LABEL]: project };
    const answer = await request(cluster, `create ConfigMap ${NAME} in ${namespace}`, () =>
        cluster.core.createNamespacedConfigMap({
            namespace,
            body: { metadata: { name: NAME, labels }, data: { [KEY]: "true" } },
            fieldManager: "unity-kafka",
        }),
    );
    refuse(answer, "create", namespace);
}

/** Whether the servers in a namespace may begin with empty disks. */
export async function isInitializing(cluster: KubeCluster, namespace: string): Promise<boolean> {
    const found = await request(cluster, `read ConfigMap ${NAME} in ${namespace}`, () =>
        cluster.core.readNamespacedConfigMap({ name: NAME, namespace }),
    );
    if (found === 404) {
        return false;
    }
    refuse(found, "get", namespace);
    return true;
}

/** Takes the permission back, if there is one: from now on a server with an empty disk follows the others. */
export async function endInitialization(cluster: KubeCluster, namespace: string): Promise<void> {
    const answer = await request(cluster, `delete ConfigMap ${NAME} in ${namespace}`, () =>
        cluster.core.deleteNamespacedConfigMap({ name: NAME, namespace }),
    );
    if (answer !== 404) {
        refuse(answer, "delete", namespace);
    }
}

async function hasDisks(cluster: KubeCluster, { namespace }: InNamespace): Promise<boolean> {
    const found = await request(cluster, `list the PVCs in ${namespace}`, () =>
        cluster.core.listNamespacedPersistentVolumeClaim({ namespace }),
    );
    if (typeof found === "number") {
        throw notAllowed("list PVCs", namespace, found);
    }
    return found.items.some(({ metadata }) => metadata?.name?.startsWith(`${PVC}-${ZOOKEEPER.name}-`));
}

/** @throws Error of one line where an answer of the API is a refusal */
function refuse(answer: object | 403 | 404, verb: string, namespace: string): void {
    if (typeof answer === "number") {
        throw notAllowed(
            `${verb} ConfigMap ${NAME}`,
            namespace,
            answer,
            "Ask for the permission to get, create and delete configmaps",
        );
    }
}
