import { AppsV1Api, CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import type { KubeTarget } from "../../common/kubeTarget.ts";
import { ConnectionError, reasonOf, withTimeLimit } from "../errors.ts";

/** Longest wait for one answer of the Kubernetes API, in milliseconds. */
const API_TIME_LIMIT = 8_000;

/** What the library calls the context it invents without a kubeconfig: http://localhost:8080, where nobody is. */
const LIBRARY_DEFAULT = "loaded-context";

/** A Kubernetes cluster, and how to ask it. */
export interface KubeCluster {
    readonly config: KubeConfig;
    readonly core: CoreV1Api;
    readonly apps: AppsV1Api;
    /** Names the cluster in messages: its context and address. */
    readonly title: string;
}

/**
 * Reads the kubeconfig. Asks nothing of the cluster yet.
 * @throws ConnectionProblem when there is no kubeconfig, it cannot be read or has no such context
 */
export function openCluster(choice: KubeTarget): KubeCluster {
    const config = new KubeConfig();
    try {
        if (choice.kubeconfig === undefined) {
            config.loadFromDefault();
        } else {
            config.loadFromFile(choice.kubeconfig);
        }
    } catch (error) {
        const advice = "Point KUBECONFIG to the kubeconfig of a cluster, or use --local";
        throw new ConnectionError(
            "cluster",
            `The kubeconfig cannot be read: ${reasonOf(error)}`,
            advice,
            error,
        );
    }
    const names = config.getContexts().map(({ name }) => name);
    if (config.getCurrentContext() === LIBRARY_DEFAULT || names.length === 0) {
        throw new ConnectionError("cluster", "There is no kubeconfig", "Set KUBECONFIG, or use --local");
    }
    if (choice.context !== undefined) {
        if (!names.includes(choice.context)) {
            const advice = `Choose one of: ${names.join(", ")}`;
            throw new ConnectionError("context", `There is no kube context "${choice.context}"`, advice);
        }
        config.setCurrentContext(choice.context);
    }
    const context = config.getCurrentContext();
    const server = config.getCurrentCluster()?.server;
    if (server === undefined) {
        const advice = `Choose a context with --context: ${names.join(", ")}`;
        throw new ConnectionError("cluster", "The kubeconfig has no current context", advice);
    }
    return {
        config,
        core: config.makeApiClient(CoreV1Api),
        apps: config.makeApiClient(AppsV1Api),
        title: `"${context}" at ${server}`,
    };
}

/** The answer's HTTP status, if the API gave one. */
export function httpStatus(error: unknown): number | undefined {
    const code = error instanceof Object && "code" in error ? error.code : undefined;
    return typeof code === "number" ? code : undefined;
}

/**
 * Asks the Kubernetes API once.
 * @param what the question, for messages: "list the Projects"
 * @returns the answer, or the status of a refusal that the caller has to interpret: 403 or 404
 * @throws ConnectionProblem when the cluster does not answer, or not us
 */
export async function ask<T>(
    cluster: KubeCluster,
    what: string,
    question: () => Promise<T>,
): Promise<T | 403 | 404> {
    try {
        return await withTimeLimit(question(), API_TIME_LIMIT);
    } catch (error) {
        const status = httpStatus(error);
        if (status === 403 || status === 404) {
            return status;
        }
        if (status === 401) {
            const advice = "Log in to the cluster again";
            throw new ConnectionError(
                "cluster",
                `The cluster ${cluster.title} does not know you`,
                advice,
                error,
            );
        }
        const reason = status === undefined ? reasonOf(error) : `HTTP ${status}`;
        throw new ConnectionError(
            "cluster",
            `The cluster ${cluster.title} does not answer (${reason}; asked to ${what})`,
            "Start it, or choose another with --context",
            error,
        );
    }
}
