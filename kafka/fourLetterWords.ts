/** ZooKeeper's four-letter words, asked through the Kubernetes API: their port is open within the pods only. */
import { text } from "node:stream/consumers";
import { withTimeLimit } from "../common/abort.ts";
import { COMPONENT_LABEL, FILES_ANNOTATION, ZOOKEEPER } from "../common/names.ts";
import { ConnectionError, reasonOf } from "./errors.ts";
import { type KubeCluster, request } from "./kubernetes/cluster.ts";
import { ForwardedSocket } from "./kubernetes/forwardedSocket.ts";
import { type Dialler, kubernetesDialler } from "./kubernetes/socketFactory.ts";

/** A server's answer, or why there is none. */
export interface ServerAnswer {
    /** Name of its pod. */
    readonly server: string;
    readonly answer: string | undefined;
    readonly error?: string;
}

const TIME_LIMIT = 8_000;

/**
 * Asks every server of a Project's ensemble at once.
 * @throws ConnectionError when the pods cannot be listed or there are none
 */
export async function askServers(
    cluster: KubeCluster,
    namespace: string,
    word: string,
    dialler: Dialler = kubernetesDialler(cluster.config, () => undefined),
): Promise<ServerAnswer[]> {
    const found = await request(cluster, `list the ZooKeeper pods in ${namespace}`, () =>
        cluster.core.listNamespacedPod({ namespace, labelSelector: `${COMPONENT_LABEL}=${ZOOKEEPER.name}` }),
    );
    if (typeof found === "number") {
        const hint = "Ask for the permissions to list pods and to create pods/portforward in it";
        throw new ConnectionError(
            "cluster",
            `You are not allowed to list pods in namespace "${namespace}"`,
            hint,
        );
    }
    if (found.items.length === 0) {
        const hint = "Complete the deployment with pulumi up";
        throw new ConnectionError("cluster", `Namespace "${namespace}" has no pods of ZooKeeper`, hint);
    }
    return Promise.all(
        found.items.map(async ({ metadata }) => {
            const server = metadata?.name ?? "";
            try {
                // Its zoo.cfg, which the pod carries, has the port.
                const zooCfg = metadata?.annotations?.[`${FILES_ANNOTATION}/zoo.cfg`] ?? "";
                const port = Number(/^clientPort=(\d+)$/m.exec(zooCfg)?.[1] ?? ZOOKEEPER.commandsPort);
                const dial = dialler(namespace, server, port);
                const socket = new ForwardedSocket(`${namespace}/${server}:${port}`, dial);
                const answer = text(socket).finally(() => socket.destroy());
                socket.write(word);
                return { server, answer: await withTimeLimit(answer, TIME_LIMIT) };
            } catch (error) {
                // One server that is down must not hide the others.
                return { server, answer: undefined, error: reasonOf(error) };
            }
        }),
    );
}
