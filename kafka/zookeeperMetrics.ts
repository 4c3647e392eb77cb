/** What ZooKeeper's four-letter word `mntr` says of each server of a Project. */
import { text } from "node:stream/consumers";
import { withTimeLimit } from "../common/abort.ts";
import { COMPONENT_LABEL, FILES_ANNOTATION, ZOOKEEPER } from "../common/names.ts";
import { ConnectionError, reasonOf } from "./errors.ts";
import { type KubeCluster, request } from "./kubernetes/cluster.ts";
import { ForwardedSocket } from "./kubernetes/forwardedSocket.ts";
import { type Dialler, kubernetesDialler } from "./kubernetes/socketFactory.ts";

/** A server's metrics by name, or why they are unknown. */
export interface ServerMetrics {
    /** Name of its pod. */
    readonly server: string;
    readonly metrics: Readonly<Record<string, string>> | undefined;
    readonly error?: string;
}

const TIME_LIMIT = 8_000;

/**
 * Asks every server at once, through the Kubernetes API: the port for four-letter words is open within the pod only.
 * @throws ConnectionError when the pods cannot be listed or there are none
 */
export async function readZookeeperMetrics(
    cluster: KubeCluster,
    namespace: string,
    dialler: Dialler = kubernetesDialler(cluster.config, () => undefined),
): Promise<ServerMetrics[]> {
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
                socket.write("mntr");
                return { server, metrics: metricsOf(await withTimeLimit(answer, TIME_LIMIT)) };
            } catch (error) {
                // One server that is down must not hide the others.
                return { server, metrics: undefined, error: reasonOf(error) };
            }
        }),
    );
}

/** @throws Error when the answer has no metrics: it is then a sentence */
export function metricsOf(answer: string): Record<string, string> {
    const lines = answer.split("\n").flatMap((line) => {
        const [, name, value] = /^(zk_\S+)\t(.*)$/.exec(line) ?? [];
        return name === undefined || value === undefined ? [] : [[name, value] as const];
    });
    if (lines.length === 0) {
        throw new Error(answer.trim() || "it closed the connection without an answer");
    }
    return Object.fromEntries(lines);
}
