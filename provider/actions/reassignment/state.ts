/** What Kubernetes knows of a change of the number of brokers. */
import { KAFKA } from "../../../common/names.ts";
import { clusterOf } from "../../cluster.ts";
import type { InNamespace } from "../../resources/inputs.ts";
import type { ReassignmentInputs } from "../../resources/partitionReassignment.ts";
import { createConfigMap, deleteConfigMap, hasConfigMap } from "../configMap.ts";
import { findStatefulSet } from "../rolling/servers.ts";

/** The ConfigMap that exists from before the number of brokers changes until all partitions fit it. */
const PENDING = KAFKA.reassignment;

/**
 * Brokers that the StatefulSet has by its size; undefined where there is none.
 * @throws Error of one line where it may not be read; ConnectionError when the cluster does not answer
 */
export async function currentBrokers({
    cluster: target,
    namespace,
}: InNamespace): Promise<number | undefined> {
    const found = await findStatefulSet(clusterOf(target), namespace, KAFKA.name);
    return found && (found.spec?.replicas ?? 1);
}

/** Takes note that partitions have to be reassigned. Fine if it is noted already. */
export async function beginReassignment(inputs: ReassignmentInputs): Promise<void> {
    if (!(await isReassignmentPending(inputs))) {
        const { cluster, namespace, project } = inputs;
        await createConfigMap(clusterOf(cluster), { namespace, name: PENDING }, project);
    }
}

/** Whether a reassignment has begun and did not end. */
export function isReassignmentPending({ cluster, namespace }: InNamespace): Promise<boolean> {
    return hasConfigMap(clusterOf(cluster), { namespace, name: PENDING });
}

/** Takes note that all partitions fit the number of brokers. */
export function endReassignment({ cluster, namespace }: InNamespace): Promise<void> {
    return deleteConfigMap(clusterOf(cluster), { namespace, name: PENDING });
}
