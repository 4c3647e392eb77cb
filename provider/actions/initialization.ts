/** The ConfigMap that lets servers of a new ZooKeeper ensemble begin with empty disks. */
import { PVC, ZOOKEEPER } from "../../common/names.ts";
import { lineOf } from "../../kafka/errors.ts";
import { type KubeCluster, request } from "../../kafka/kubernetes/cluster.ts";
import type { CallContext } from "../callContext.ts";
import { clusterOf, notAllowed } from "../cluster.ts";
import type { InNamespace } from "../resources/inputs.ts";
import type { ZookeeperInitializationInputs } from "../resources/zookeeperInitialization.ts";
import { createConfigMap, deleteConfigMap, hasConfigMap } from "./configMap.ts";

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
            const { namespace, project } = inputs;
            await createConfigMap(clusterOf(inputs.cluster), { namespace, name: NAME }, project, {
                [KEY]: "true",
            });
            info(`${inputs.project}: begins a new ZooKeeper ensemble`);
        }
    } catch (error) {
        throw new Error(`ZooKeeper of Project ${inputs.project} cannot begin: ${lineOf(error)}`, {
            cause: error,
        });
    }
}

/** Whether the servers in a namespace may begin with empty disks. */
export function isInitializing(cluster: KubeCluster, namespace: string): Promise<boolean> {
    return hasConfigMap(cluster, { namespace, name: NAME });
}

/** Takes the permission back, if there is one: from now on a server with an empty disk follows the others. */
export function endInitialization(cluster: KubeCluster, namespace: string): Promise<void> {
    return deleteConfigMap(cluster, { namespace, name: NAME });
}

/** Whether there is a disk of a server, in use or not. */
export async function hasDisks(cluster: KubeCluster, { namespace }: InNamespace): Promise<boolean> {
    const found = await request(cluster, `list the PVCs in ${namespace}`, () =>
        cluster.core.listNamespacedPersistentVolumeClaim({ namespace }),
    );
    if (typeof found === "number") {
        throw notAllowed("list PVCs", namespace, found);
    }
    return found.items.some(({ metadata }) => metadata?.name?.startsWith(`${PVC}-${ZOOKEEPER.name}-`));
}
