import { AppsV1Api, CoreV1Api, type KubeConfig, NetworkingV1Api } from "@kubernetes/client-node";
import { withTimeLimit } from "../../common/abort.ts";
import type { KubeTarget } from "../../common/kubeTarget.ts";
import { ConnectionError, reasonOf } from "../errors.ts";
import { loadKubeconfig } from "./kubeconfig.ts";

/** Longest wait for one answer of the Kubernetes API, in milliseconds. */
const API_TIME_LIMIT = 8_000;
/** Statuses below 500 by which an API server says: not now. One of them is a conflict with another change. */
const BUSY: ReadonlySet<number> = new Set([408, 409, 429]);

/** A Kubernetes cluster, and clients of its API. */
export interface KubeCluster {
    readonly config: KubeConfig;
    readonly core: CoreV1Api;
    readonly apps: AppsV1Api;
    readonly networking: NetworkingV1Api;
    /** Names the cluster in messages: its context and address. */
    readonly title: string;
}

/**
 * Reads the kubeconfig. Sends no request yet.
 * @throws ConnectionError when there is no kubeconfig, it cannot be read or has no such context
 */
export function openCluster(target: KubeTarget): KubeCluster {
    const config = loadKubeconfig(target.kubeconfig);
    const names = config.getContexts().map(({ name }) => name);
    if (target.context !== undefined) {
        if (!names.includes(target.context)) {
            const hint = `Choose one of: ${names.join(", ")}`;
            throw new ConnectionError("context", `There is no kube context "${target.context}"`, hint);
        }
        config.setCurrentContext(target.context);
    }
    const context = config.getCurrentContext();
    const server = config.getCurrentCluster()?.server;
    if (server === undefined) {
        const hint = `Choose a context with --context: ${names.join(", ")}`;
        throw new ConnectionError("cluster", "The kubeconfig has no current context", hint);
    }
    return {
        config,
        core: config.makeApiClient(CoreV1Api),
        apps: config.makeApiClient(AppsV1Api),
        networking: config.makeApiClient(NetworkingV1Api),
        title: `"${context}" at ${server}`,
    };
}

/** The HTTP status of a failed request, if there was an answer. */
export function httpStatus(error: unknown): number | undefined {
    const code = error instanceof Object && "code" in error ? error.code : undefined;
    return typeof code === "number" ? code : undefined;
}

/** What the API server says of a request that it refuses. */
function messageOf(error: unknown): string {
    const { body } = error as { readonly body?: unknown };
    const status: unknown = typeof body === "string" ? JSON.parse(body) : body;
    return String((status as { readonly message?: unknown } | undefined)?.message ?? "no reason given");
}

/**
 * Sends one request to the Kubernetes API.
 * @param what the request, for messages: "list the Projects"
 * @returns the answer, or the status that the caller has to interpret: 403 or 404
 * @throws ConnectionError when the cluster does not answer (retriable), or rejects credentials or request
 */
export async function request<T>(
    cluster: KubeCluster,
    what: string,
    send: () => Promise<T>,
): Promise<T | 403 | 404> {
    try {
        return await withTimeLimit(send(), API_TIME_LIMIT);
    } catch (error) {
        const status = httpStatus(error);
        if (status === 403 || status === 404) {
            return status;
        }
        if (status === 401) {
            const hint = "Log in to the cluster again";
            throw new ConnectionError(
                "cluster",
                `The cluster ${cluster.title} rejected your credentials (401)`,
                hint,
                { cause: error },
            );
        }
        if (status !== undefined && status < 500 && !BUSY.has(status)) {
            throw new ConnectionError(
                "cluster",
                `The cluster ${cluster.title} refuses to ${what} (HTTP ${status}: ${messageOf(error)})`,
                "Fix what it says, then try again",
                { cause: error },
            );
        }
        const reason = status === undefined ? reasonOf(error) : `HTTP ${status}`;
        throw new ConnectionError(
            "cluster",
            `The cluster ${cluster.title} does not answer (${reason}; request: ${what})`,
            "Start it, or choose another with --context",
            { cause: error, retriable: true },
        );
    }
}
