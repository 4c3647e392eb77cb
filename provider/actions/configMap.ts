/** ConfigMaps whose existence says something that lasts longer than one `up`. */
import { INSTANCE_LABELS, PROJECT_LABEL } from "../../common/names.ts";
import { type KubeCluster, request } from "../../kafka/kubernetes/cluster.ts";
import { notAllowed } from "../cluster.ts";

interface NamedConfigMap {
    readonly namespace: string;
    readonly name: string;
}

/** @throws Error of one line where that is not allowed; ConnectionError when the cluster does not answer */
export async function createConfigMap(
    cluster: KubeCluster,
    { namespace, name }: NamedConfigMap,
    project: string,
    data: Readonly<Record<string, string>> = {},
): Promise<void> {
    const labels = { ...INSTANCE_LABELS, [PROJECT_LABEL]: project };
    const answer = await request(cluster, `create ConfigMap ${name} in ${namespace}`, () =>
        cluster.core.createNamespacedConfigMap({
            namespace,
            body: { metadata: { name, labels }, data },
            fieldManager: "unity-kafka",
        }),
    );
    refuse(answer, "create", { namespace, name });
}

/** Whether there is one. Throws as {@link createConfigMap} does. */
export async function hasConfigMap(
    cluster: KubeCluster,
    { namespace, name }: NamedConfigMap,
): Promise<boolean> {
    const found = await request(cluster, `read ConfigMap ${name} in ${namespace}`, () =>
        cluster.core.readNamespacedConfigMap({ name, namespace }),
    );
    if (found === 404) {
        return false;
    }
    refuse(found, "get", { namespace, name });
    return true;
}

/** Fine if there is none. Throws as {@link createConfigMap} does. */
export async function deleteConfigMap(
    cluster: KubeCluster,
    { namespace, name }: NamedConfigMap,
): Promise<void> {
    const answer = await request(cluster, `delete ConfigMap ${name} in ${namespace}`, () =>
        cluster.core.deleteNamespacedConfigMap({ name, namespace }),
    );
    if (answer !== 404) {
        refuse(answer, "delete", { namespace, name });
    }
}

function refuse(answer: object | 403 | 404, verb: string, { namespace, name }: NamedConfigMap): void {
    if (typeof answer === "number") {
        throw notAllowed(
            `${verb} ConfigMap ${name}`,
            namespace,
            answer,
            "Ask for the permission to get, create and delete configmaps",
        );
    }
}
