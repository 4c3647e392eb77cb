import { X509Certificate } from "node:crypto";
import type { V1Secret } from "@kubernetes/client-node";
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

/** A root certificate that a Secret of a Project holds. */
export interface CaCertificate {
    /** Its common name. */
    readonly ca: string;
    readonly expiresAt: Date;
}

/** The certificates of a Project, as far as they may be read. */
export interface ProjectCertificates {
    /** The first to expire first. */
    readonly certificates: readonly SecretCertificate[];
    /** Each once, the first to expire first. A renewed one and the one before have the same name. */
    readonly cas: readonly CaCertificate[];
    /** Namespaces in which listing Secrets is not allowed. */
    readonly deniedNamespaces: readonly string[];
}

/** Files of Secrets that begin with, or hold, the certificate of their user. */
const FILES = ["tls.crt", "keystore.pem"];
/** Files of Secrets with the root certificates that their user trusts. */
const TRUSTED_FILES = ["ca.crt", "truststore.pem"];

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
        namespaces.map((namespace) => listSecrets(cluster, namespace, selector(namespace))),
    );
    const secrets = lists.flatMap((found) => found ?? []);
    return {
        certificates: sorted(secrets.flatMap(certificateIn)),
        cas: casIn(secrets),
        deniedNamespaces: namespaces.filter((_, i) => lists[i] === undefined),
    };
}

/**
 * Certificates of the Secrets in a namespace, the first to expire first. Their keys are not read.
 * @returns undefined where listing Secrets is not allowed
 */
export async function listCertificates(
    cluster: KubeCluster,
    namespace: string,
): Promise<SecretCertificate[] | undefined> {
    const secrets = await listSecrets(cluster, namespace);
    return secrets && sorted(secrets.flatMap(certificateIn));
}

/** @param labelSelector of the Secrets; default: all */
async function listSecrets(
    cluster: KubeCluster,
    namespace: string,
    labelSelector?: string,
): Promise<V1Secret[] | undefined> {
    const found = await request(cluster, `list Secrets in ${namespace}`, () =>
        cluster.core.listNamespacedSecret({ namespace, ...(labelSelector && { labelSelector }) }),
    );
    return typeof found === "number" ? undefined : found.items;
}

function certificateIn(secret: V1Secret): SecretCertificate[] {
    const [certificate] = certificatesOf(secret, FILES);
    const { namespace = "", name = "" } = secret.metadata ?? {};
    return certificate ? [{ namespace, secret: name, expiresAt: certificate.validToDate }] : [];
}

function casIn(secrets: readonly V1Secret[]): CaCertificate[] {
    const all = secrets.flatMap((secret) => certificatesOf(secret, TRUSTED_FILES));
    const each = new Map(all.map((certificate) => [certificate.fingerprint256, certificate]));
    return sorted(
        [...each.values()].flatMap(({ subject, validToDate }) => {
            // Other people's, such as that of IKP, are not renewed here.
            const ca = /^CN=(unity-kafka .*)$/m.exec(subject)?.[1];
            return ca === undefined ? [] : [{ ca, expiresAt: validToDate }];
        }),
    );
}

/** The certificates in the first of these files that a Secret has. */
function certificatesOf({ data }: V1Secret, files: readonly string[]): X509Certificate[] {
    const file = files.find((name) => data?.[name] !== undefined);
    const text = file === undefined ? "" : Buffer.from(data![file]!, "base64").toString();
    const pems = text.matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
    return [...pems].map(([pem]) => new X509Certificate(pem));
}

function sorted<T extends { readonly expiresAt: Date }>(certificates: readonly T[]): T[] {
    return certificates.toSorted((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime());
}
