/** A client's certificate, from the Secret that holds it. */
import { clientNamespaceOf, PROJECT_LABEL, SECRETS } from "../../common/names.ts";
import type { TlsOptions } from "../client/kafkajs.ts";
import { ConnectionError } from "../errors.ts";
import { type KubeCluster, request } from "./cluster.ts";
import type { ProjectRef } from "./projects.ts";

/** Texts of a client's Secret by file name, as `clientFiles` makes them. */
export type SecretFiles = Readonly<Record<string, string>>;

/** A client's Secret, where it was found. */
export interface FoundSecret {
    readonly namespace: string;
    readonly files: SecretFiles;
}

/**
 * Reads a client's Secret.
 * @param secret its name; default: the operator's
 * @throws ConnectionError when there is none, or it may not be read
 */
export async function readClientSecret(
    cluster: KubeCluster,
    namespace: string,
    secret: string = SECRETS.operator,
): Promise<SecretFiles> {
    const found = await requestSecret(cluster, namespace, secret);
    if (found === 403) {
        throw secretDenied(cluster, namespace, secret);
    }
    if (found === 404) {
        const message = `Namespace "${namespace}" has no Secret ${secret}`;
        throw new ConnectionError("kafka", message, "Complete the deployment with pulumi up");
    }
    return found;
}

async function requestSecret(
    cluster: KubeCluster,
    namespace: string,
    secret: string,
): Promise<SecretFiles | 403 | 404> {
    const found = await request(cluster, `read Secret ${secret} in ${namespace}`, () =>
        cluster.core.readNamespacedSecret({ name: secret, namespace }),
    );
    if (typeof found === "number") {
        return found;
    }
    return Object.fromEntries(
        Object.entries(found.data ?? {}).map(([name, text]) => [
            name,
            Buffer.from(text, "base64").toString(),
        ]),
    );
}

function secretDenied(cluster: KubeCluster, namespace: string, secret: string): ConnectionError {
    const message = `You are not allowed to read Secret ${secret} in namespace "${namespace}" of the cluster ${cluster.title}`;
    return new ConnectionError("cluster", message, `Ask for the permission to get Secret ${secret}`);
}

/** The certificate, key and certificate authority in a client's Secret. */
export function clientCertificateOf(files: SecretFiles): TlsOptions {
    return { cert: files["tls.crt"] ?? "", key: files["tls.key"] ?? "", ca: files["ca.crt"] ?? "" };
}

/** Namespaces of a Project's Secrets: its own, and those of its components. */
export function secretNamespaces({ namespace, clientNamespaces }: ProjectRef): string[] {
    return [...new Set([namespace, ...(clientNamespaces ?? [clientNamespaceOf(namespace)])])];
}

/**
 * A component's Secret, from the first of these namespaces that has it; undefined where none has.
 * @throws ConnectionError when none has it and one may not be read, or the cluster does not answer
 */
export async function findComponentSecret(
    cluster: KubeCluster,
    component: string,
    namespaces: readonly string[],
): Promise<FoundSecret | undefined> {
    const secret = SECRETS.component(component);
    const answers = await Promise.all(
        namespaces.map(async (namespace) => ({
            namespace,
            files: await requestSecret(cluster, namespace, secret),
        })),
    );
    for (const { namespace, files } of answers) {
        if (typeof files !== "number") {
            return { namespace, files };
        }
    }
    const denied = answers.find(({ files }) => files === 403);
    if (denied) {
        throw secretDenied(cluster, denied.namespace, secret);
    }
    return undefined;
}

/**
 * Names of the components that have a Secret in one of these namespaces, sorted; those that may not be listed have none.
 * @throws ConnectionError when the cluster does not answer
 */
export async function listClients(
    cluster: KubeCluster,
    namespaces: readonly string[],
): Promise<readonly string[]> {
    const prefix = SECRETS.component("");
    const lists = await Promise.all(
        namespaces.map((namespace) =>
            request(cluster, `list the Secrets in ${namespace}`, () =>
                cluster.core.listNamespacedSecret({ namespace, labelSelector: PROJECT_LABEL }),
            ),
        ),
    );
    const names = lists
        .flatMap((found) => (typeof found === "number" ? [] : found.items))
        .map(({ metadata }) => metadata?.name ?? "")
        .filter((name) => name.startsWith(prefix));
    return [...new Set(names)].map((name) => name.slice(prefix.length)).sort();
}
