/** Whether a Kubernetes API answers at all: quicker than a client, and without credentials. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { KubeTarget } from "../../common/kubeTarget.ts";
import { reasonOf } from "../errors.ts";
import { kubeconfigFiles } from "./kubeconfigFiles.ts";

// Not imported: that evaluates all that they export, and with WebSocket loads the whole client behind `fetch`.
const { Agent: PlainAgent, request: plainRequest } = process.getBuiltinModule("node:http");
const { Agent, request } = process.getBuiltinModule("node:https");

/** The parts of a kubeconfig that say where the API is. */
interface Kubeconfig {
    readonly "current-context"?: string;
    readonly contexts?: readonly { readonly name: string; readonly context: { readonly cluster: string } }[];
    readonly clusters?: readonly {
        readonly name: string;
        readonly cluster: { readonly server?: string; readonly "proxy-url"?: string };
    }[];
}

/** How long the API may take to answer, milliseconds. */
const LIMIT = 2000;

/**
 * Why the Kubernetes API of a target does not answer, such as `https://10.0.0.2: no answer within 2 s`; undefined
 * where it does, be it with a refusal, and where that cannot be told: the target is the service account of a pod, or the
 * kubeconfig names a proxy of its own. HTTPS_PROXY is obeyed.
 */
export async function unreachableReason(
    target: KubeTarget,
    limit: number = LIMIT,
): Promise<string | undefined> {
    const files = target.kubeconfig === undefined ? kubeconfigFiles() : [target.kubeconfig];
    const found = addressOf(files.flatMap(read), target.context);
    if (found === undefined || found["proxy-url"] !== undefined || found.server === undefined) {
        return undefined;
    }
    return noAnswerFrom(found.server, limit);
}

/** Why nothing answers at the address of a Kubernetes API, or undefined where something does, be it with a refusal. */
export async function noAnswerFrom(server: string, limit: number = LIMIT): Promise<string | undefined> {
    return ask(server, limit).then(
        () => undefined,
        (error: unknown) =>
            `${server}: ${(error as Error).name === "TimeoutError" ? `no answer within ${limit / 1000} s` : reasonOf(error)}`,
    );
}

/** A kubeconfig, or none where it cannot be read, which the provider reports. */
function read(path: string): Kubeconfig[] {
    try {
        return [(parse(readFileSync(path, "utf8")) ?? {}) as Kubeconfig];
    } catch {
        return [];
    }
}

/** Of clusters and contexts of one name, the first in the order of the files counts, as for kubectl. */
function addressOf(files: readonly Kubeconfig[], context: string | undefined) {
    const name = context ?? files.map((file) => file["current-context"]).find(Boolean);
    const contexts = files.flatMap((file) => file.contexts ?? []);
    const cluster = contexts.find((entry) => entry.name === name)?.context.cluster;
    return files.flatMap((file) => file.clusters ?? []).find((entry) => entry.name === cluster)?.cluster;
}

/** @throws Error where nothing answers */
async function ask(server: string, limit: number): Promise<void> {
    const url = new URL("/livez", server);
    const options = { signal: AbortSignal.timeout(limit), proxyEnv: process.env };
    await new Promise<void>((resolve, reject) => {
        const asked =
            url.protocol === "http:"
                ? plainRequest(url, { ...options, agent: new PlainAgent(options) })
                : // Nothing secret is sent and nothing that comes back is believed, so no certificate is checked.
                  request(url, {
                      ...options,
                      agent: new Agent({ ...options, rejectUnauthorized: false }),
                  });
        asked
            .on("error", (error) => reject(options.signal.aborted ? options.signal.reason : error))
            .on("response", (response) => {
                response.destroy();
                resolve();
            })
            .end();
    });
}
