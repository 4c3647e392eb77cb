/** The lists of members that the servers of an ensemble, as Kubernetes has them, were started with. */
import { PatchStrategy, setHeaderOptions, type V1StatefulSet } from "@kubernetes/client-node";
import { ZOOKEEPER } from "../../../common/names.ts";
import { type KubeCluster, request } from "../../../kafka/kubernetes/cluster.ts";
import { notAllowed } from "../../cluster.ts";
import type { InNamespace } from "../../resources/inputs.ts";
import { findStatefulSet, listPods } from "../rolling/servers.ts";
import { type Position, positionIn, SERVER_LISTS, withServerList, ZOO_CFG } from "./quorums.ts";

const { name: NAME } = ZOOKEEPER;

export interface FoundLists {
    readonly statefulSet: V1StatefulSet;
    /** The list that pods are created with. */
    readonly template: Position;
    /** That, and those of all pods, also of one that is shutting down. */
    readonly inUse: readonly Position[];
}

/**
 * Reads the lists in use.
 * @returns undefined where there is no StatefulSet
 * @throws Error of one line where they may not be read, or one is not of this program; ConnectionError when the cluster
 * does not answer
 */
export async function findLists(
    cluster: KubeCluster,
    { namespace }: Pick<InNamespace, "namespace">,
): Promise<FoundLists | undefined> {
    const statefulSet = await findStatefulSet(cluster, namespace, NAME);
    if (statefulSet === undefined) {
        return undefined;
    }
    const pods = await listPods(cluster, namespace, NAME);
    const template = listOf(`StatefulSet ${NAME}`, zooCfgOf(statefulSet));
    const ofPods = pods.map(({ metadata }) =>
        listOf(`pod ${metadata?.name}`, metadata?.annotations?.[ZOO_CFG]),
    );
    return { statefulSet, template, inUse: [template, ...ofPods] };
}

/**
 * Gives the StatefulSet another list, and as many servers as that has. No pod restarts by itself.
 * @returns its new generation
 * @throws Error of one line where that is not allowed
 */
export async function setList(
    cluster: KubeCluster,
    namespace: string,
    statefulSet: V1StatefulSet,
    position: Position,
): Promise<number> {
    const annotations = { [ZOO_CFG]: withServerList(zooCfgOf(statefulSet), namespace, position) };
    const { servers: replicas } = SERVER_LISTS[position]!;
    const body = { spec: { replicas, template: { metadata: { annotations } } } };
    const changed = await request(cluster, `change StatefulSet ${NAME} in ${namespace}`, () =>
        cluster.apps.patchNamespacedStatefulSet(
            { name: NAME, namespace, body, fieldManager: "unity-kafka" },
            setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
        ),
    );
    if (typeof changed === "number") {
        throw notAllowed("patch StatefulSets", namespace, changed);
    }
    return changed.metadata?.generation ?? 0;
}

function zooCfgOf({ spec }: V1StatefulSet): string {
    return spec?.template.metadata?.annotations?.[ZOO_CFG] ?? "";
}

function listOf(what: string, zooCfg = ""): Position {
    const position = positionIn(zooCfg);
    if (position === undefined) {
        const { length } = [...zooCfg.matchAll(/^server\.\d+=/gm)];
        throw new Error(
            `${what} has a list of ${length} servers that this program does not make, so it cannot say which servers may elect a leader. Give all servers one list of 3 or of 5 first`,
        );
    }
    return position;
}
