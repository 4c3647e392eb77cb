import { X509Certificate } from "node:crypto";
import { PROJECT_LABEL } from "../../common/names.ts";
import { secretNamespaces } from "./clientSecrets.ts";
import { type KubeCluster, request } from "./cluster.ts";
import type { ProjectRef } from "./projects.ts";

/** A certificate that a Secret of a Project holds. */
export interface SecretCertificate {
    readonly namespace: string;
    readonly secret: string;
    readonly expiresAt: Date;
}

/** The certificates of a Project, as far as they may be read. */
export interface ProjectCertificates {
    /** The first to expire first. */
    readonly certificates: readonly SecretCertificate[];
    /** Namespaces in which listing Secrets is not allowed. */
    readonly deniedNamespaces: readonly string[];
}

/** Files of Secrets that begin with, or hold, the certificate of their user. */
const FILES = ["tls.crt", "keystore.pem"];

/** Certificates of all of a Project's Secrets: in its own namespace, and in those of its components. */
export async function projectCertificates(
    cluster: KubeCluster,
    project: ProjectRef,
): Promise<ProjectCertificates> {
    const namespaces = secretNamespaces(project);
    // Those of components have Secrets of other people, too.
    const selector = (namespace: string) =>
        namespace === project.namespace ? undefined : `${PROJECT_LABEL}=${project.project}`;
    const lists = await Promise.all(
        namespaces.map((namespace) => listCertificates(cluster, namespace, selector(namespace))),
    );
    return {
        certificates: sorted(lists.flatMap((found) => found ?? [])),
        deniedNamespaces: namespaces.filter((_, i) => lists[i] === undefined),
    };
}

/**
 * Certificates of the Secrets in a namespace, the first to expire first. Their keys are not read.
 * @param labelSelector of the Secrets; default: all
 * @returns undefined where listing Secrets is not allowed
 */
export async function listCertificates(
    cluster: KubeCluster,
    namespace: string,
    labelSelector?: string,
): Promise<SecretCertificate[] | undefined> {
    const found = await request(cluster, `list Secrets in ${namespace}`, () =>
        cluster.core.listNamespacedSecret({ namespace, ...(labelSelector && { labelSelector }) }),
    );
    if (typeof found === "number") {
        return undefined;
    }
    return sorted(
        found.items.flatMap(({ metadata, data }) => {
            const file = FILES.find((name) => data?.[name] !== undefined);
            const text = file && Buffer.from(data![file]!, "base64").toString();
            const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(text ?? "")?.[0];
            const secret = metadata?.name ?? "";
            return pem === undefined
                ? []
                : [{ namespace, secret, expiresAt: new X509Certificate(pem).validToDate }];
        }),
    );
}

function sorted(certificates: readonly SecretCertificate[]): SecretCertificate[] {
    return certificates.toSorted((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime());
}
