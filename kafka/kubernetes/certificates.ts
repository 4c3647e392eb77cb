import { X509Certificate } from "node:crypto";
import { type KubeCluster, request } from "./cluster.ts";

/** A certificate that a Secret of a Project holds. */
export interface SecretCertificate {
    readonly secret: string;
    readonly expiresAt: Date;
}

/** Files of Secrets that begin with, or hold, the certificate of their user. */
const FILES = ["tls.crt", "keystore.pem"];

/**
 * Certificates of all Secrets in a namespace, the first to expire first. Their keys are not read.
 * @returns undefined where listing Secrets is not allowed
 */
export async function listCertificates(
    cluster: KubeCluster,
    namespace: string,
): Promise<SecretCertificate[] | undefined> {
    const found = await request(cluster, `list Secrets in ${namespace}`, () =>
        cluster.core.listNamespacedSecret({ namespace }),
    );
    if (typeof found === "number") {
        return undefined;
    }
    return found.items
        .flatMap(({ metadata, data }) => {
            const file = FILES.find((name) => data?.[name] !== undefined);
            const text = file && Buffer.from(data![file]!, "base64").toString();
            const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(text ?? "")?.[0];
            return pem === undefined
                ? []
                : [{ secret: metadata?.name ?? "", expiresAt: new X509Certificate(pem).validToDate }];
        })
        .sort((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime());
}
