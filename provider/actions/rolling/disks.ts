import { PatchStrategy, setHeaderOptions, type V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { COMPONENT_LABEL, PROJECT_LABEL, PVC } from "../../../common/names.ts";
import { bytes } from "../../../common/quantity.ts";
import { type KubeCluster, request } from "../../../kafka/kubernetes/cluster.ts";
import type { CallContext } from "../../callContext.ts";
import { notAllowed } from "../../cluster.ts";
import type { RollingUpdateInputs } from "../../resources/rollingUpdate.ts";

/**
 * Grows the PVCs of the servers, in place, while they run, and gives them their labels. A StatefulSet creates its PVCs once and never compares their
 * sizes again, and no field of their template can change: a new PVC of an old StatefulSet has the first size.
 *
 * @param formerLabels labels that they had of config; those that have left it are removed
 * @throws Error when one is larger than it is to be, or may not be changed
 */
export async function updatePvcs(
    cluster: KubeCluster,
    inputs: RollingUpdateInputs,
    { info }: CallContext,
    formerLabels: RollingUpdateInputs["labels"] = {},
): Promise<void> {
    const { namespace, project, statefulSet, diskSize } = inputs;
    const labels = labelsOf(inputs);
    const gone = Object.keys(formerLabels).filter((key) => !(key in labels));
    for (const pvc of await readPvcs(cluster, inputs)) {
        const name = pvc.metadata?.name ?? "";
        const size = sizeOf(pvc);
        if (bytes(size) > bytes(diskSize)) {
            throw new Error(
                `PVC ${name} has ${size} and cannot shrink to ${diskSize}. Set disk.size of ${statefulSet} to ${size} or more`,
            );
        }
        if (!needsChange(pvc, inputs) && !gone.some((key) => pvc.metadata?.labels?.[key] !== undefined)) {
            continue;
        }
        const body = {
            metadata: { labels: { ...labels, ...Object.fromEntries(gone.map((key) => [key, null])) } },
            spec: { resources: { requests: { storage: diskSize } } },
        };
        const answer = await request(cluster, `change PVC ${name} in ${namespace}`, () =>
            cluster.core.patchNamespacedPersistentVolumeClaim(
                { name, namespace, body, fieldManager: "unity-kafka" },
                setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
            ),
        );
        if (typeof answer === "number") {
            throw new Error(
                `PVC ${name} in namespace ${namespace} cannot be changed (HTTP ${answer}). Ask for the permission to patch persistentvolumeclaims`,
            );
        }
        if (bytes(size) < bytes(diskSize)) {
            info(`${project}/${statefulSet}: grows PVC ${name} from ${size} to ${diskSize}`);
        }
    }
}

/** The PVCs that the servers have; one may be created only later. */
export async function readPvcs(
    cluster: KubeCluster,
    { namespace, statefulSet, replicas }: RollingUpdateInputs,
): Promise<V1PersistentVolumeClaim[]> {
    const found = await request(cluster, `list the PVCs of ${statefulSet} in ${namespace}`, () =>
        cluster.core.listNamespacedPersistentVolumeClaim({
            namespace,
            labelSelector: `${COMPONENT_LABEL}=${statefulSet}`,
        }),
    );
    if (typeof found === "number") {
        throw notAllowed("list PVCs", namespace, found);
    }
    const names = Array.from({ length: replicas }, (_, ordinal) => `${PVC}-${statefulSet}-${ordinal}`);
    return found.items.filter(({ metadata }) => names.includes(metadata?.name ?? ""));
}

/** Whether a PVC is smaller than it is to be, or lacks one of its labels. */
export function needsChange(pvc: V1PersistentVolumeClaim, inputs: RollingUpdateInputs): boolean {
    const { labels = {} } = pvc.metadata ?? {};
    return (
        bytes(sizeOf(pvc)) < bytes(inputs.diskSize) ||
        Object.entries(labelsOf(inputs)).some(([key, value]) => labels[key] !== value)
    );
}

function labelsOf({ project, labels }: RollingUpdateInputs): Record<string, string> {
    return { ...labels, [PROJECT_LABEL]: project };
}

function sizeOf({ spec }: V1PersistentVolumeClaim): string {
    return spec?.resources?.requests?.storage ?? "0";
}
