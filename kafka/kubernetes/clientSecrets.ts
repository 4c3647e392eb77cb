/** A client's certificate, from the Secret in the Project's namespace that holds it. */
import { PROJECT_LABEL, SECRETS } from "../../common/names.ts";
import type { TlsOptions } from "../client/kafkajs.ts";
import { ConnectionError } from "../errors.ts";
import { type KubeCluster, request } from "./cluster.ts";

/** Texts of a client's Secret by file name, as `clientFiles` makes them. */
export type SecretFiles = Readonly<Record<string, string>>;

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
    const found = await request(cluster, `read Secret ${secret} in ${namespace}`, () =>
        cluster.core.readNamespacedSecret({ name: secret, namespace }),
    );
    if (found === 403) {
        const message = `You are not allowed to read Secret ${secret} in namespace "${namespace}" of the cluster ${cluster.title}`;
        throw new ConnectionError("cluster", message, `Ask for the permission to get Secret ${secret}`);
    }
    if (found === 404) {
        const message = `Namespace "${namespace}" has no Secret ${secret}`;
        throw new ConnectionError("kafka", message, "Complete the deployment with pulumi up");
    }
    return Object.fromEntries(
        Object.entries(found.data ?? {}).map(([name, text]) => [
            name,
            Buffer.from(text, "base64").toString(),
        ]),
    );
}

/** The certificate, key and certificate authority in a client's Secret. */
export function clientCertificateOf(files: SecretFiles): TlsOptions {
    return { cert: files["tls.crt"] ?? "", key: files["tls.key"] ?? "", ca: files["ca.crt"] ?? "" };
}

/**
 * Names of the components that have a Secret in a Project's namespace, sorted; undefined if they may not be listed.
 * @throws ConnectionError when the cluster does not answer
 */
export async function listClients(
    cluster: KubeCluster,
    namespace: string,
): Promise<readonly string[] | undefined> {
    const found = await request(cluster, `list the Secrets in ${namespace}`, () =>
        cluster.core.listNamespacedSecret({ namespace, labelSelector: PROJECT_LABEL }),
    );
    if (typeof found === "number") {
        return undefined;
    }
    const prefix = SECRETS.component("");
    const names = found.items.map(({ metadata }) => metadata?.name ?? "");
    return names
        .filter((name) => name.startsWith(prefix))
        .map((name) => name.slice(prefix.length))
        .sort();
}
