/** What ZooKeeper's four-letter word `mntr` says of each server of a Project. */
import { reasonOf } from "./errors.ts";
import { askServers } from "./fourLetterWords.ts";
import type { KubeCluster } from "./kubernetes/cluster.ts";
import type { Dialler } from "./kubernetes/socketFactory.ts";

/** A server's metrics by name, or why they are unknown. */
export interface ServerMetrics {
    /** Name of its pod. */
    readonly server: string;
    readonly metrics: Readonly<Record<string, string>> | undefined;
    readonly error?: string;
}

/**
 * Asks every server at once.
 * @throws ConnectionError when the pods cannot be listed or there are none
 */
export async function readZookeeperMetrics(
    cluster: KubeCluster,
    namespace: string,
    dialler?: Dialler,
): Promise<ServerMetrics[]> {
    const answers = await askServers(cluster, namespace, "mntr", dialler);
    return answers.map(({ server, answer, error }) => {
        try {
            return answer === undefined
                ? { server, metrics: undefined, error: error ?? "no answer" }
                : { server, metrics: metricsOf(answer) };
        } catch (noMetrics) {
            return { server, metrics: undefined, error: reasonOf(noMetrics) };
        }
    });
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
