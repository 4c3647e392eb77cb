import { X509Certificate } from "node:crypto";
import { ask, type Cluster } from "./kube.ts";

/** A certificate that a Secret of a Project holds. */
export interface HeldCertificate {
    readonly secret: string;
    readonly notAfter: Date;
}

/** Files of Secrets that begin with, or hold, the certificate of who uses them. */
const FILES = ["tls.crt", "keystore.pem"];

/**
 * Certificates of all Secrets in a namespace, the first to end first. Their keys are not looked at.
 * @returns undefined where the Secrets may not be listed
 */
export async function listCertificates(
    cluster: Cluster,
    namespace: string,
): Promise<HeldCertificate[] | undefined> {
    const found = await ask(cluster, `list Secrets in ${namespace}`, () =>
        cluster.core.listNamespacedSecret({ namespace }),
    );
    if (typeof found === "number") return undefined;
    return found.items
        .flatMap(({ metadata, data }) => {
            const file = FILES.find((name) => data?.[name] !== undefined);
            const text = file && Buffer.from(data![file]!, "base64").toString();
            const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(text ?? "")?.[0];
            return pem === undefined
                ? []
                : [{ secret: metadata?.name ?? "", notAfter: new X509Certificate(pem).validToDate }];
        })
        .sort((a, b) => a.notAfter.getTime() - b.notAfter.getTime());
}
