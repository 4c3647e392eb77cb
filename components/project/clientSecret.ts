import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import { clientFiles } from "../../kafka/client/clientFiles.ts";
import type { Certificate } from "../../provider/resources/certificate.ts";
import { digest } from "../digest.ts";
import { projectLabels } from "../kubernetes/labels.ts";
import type { Expiry } from "../monitoring/certificateExpiry.ts";
import type { CertificateAuthority } from "../tls/certificateAuthority.ts";

/** A client's certificate, and when it expires. */
export interface ClientCertificate {
    readonly certificate: Certificate;
    readonly expiry: pulumi.Output<Expiry>;
}

/**
 * Registers a client's certificate, of which the brokers' metrics tell when it expires.
 *
 * @param client its name, whichever its key
 */
export function issueClientCertificate(
    name: string,
    { ca, client, principal }: { ca: CertificateAuthority; client: string; principal: string },
    opts: pulumi.CustomResourceOptions,
): ClientCertificate {
    const subject = { commonName: principal, dnsNames: [], usages: ["client" as const] };
    const certificate = ca.issue(`${name}-certificate`, subject, opts);
    const expiry = certificate.notAfter.apply(
        (expiresAt): Expiry => ({ certificate: "client", name: client, expiresAt }),
    );
    return { certificate, expiry };
}

export interface ClientSecretArgs {
    readonly project: string;
    /** Namespace of the servers. */
    readonly namespace: string;
    /** Namespaces that get the Secret, the same in each. */
    readonly namespaces: readonly string[];
    /** Name of the Secret. */
    readonly secretName: string;
    /** host:port for a client's first connection. */
    readonly bootstrap: string;
    readonly issued: ClientCertificate;
    /** The CA that has issued it. */
    readonly ca: CertificateAuthority;
}

/** A client's Secret, and what is to be known of the certificate in it. */
export interface ClientSecret {
    readonly secretName: string;
    /** One in each namespace. */
    readonly secrets: readonly Secret[];
    /** Differs whenever the certificate or the CA's root certificates do. */
    readonly revision: pulumi.Output<string>;
    /** When the certificate expires. */
    readonly expiry: pulumi.Output<Expiry>;
}

/**
 * Registers what a client needs in order to connect: its certificate, and settings for the usual tools.
 *
 * The Secret keeps its name when the certificate is renewed, so that a pod that mounts it finds the new one. In another
 * namespace it is another resource: it is created there before the one that has left config is deleted.
 */
export function registerClientSecret(
    name: string,
    args: ClientSecretArgs,
    opts: pulumi.CustomResourceOptions & { readonly parent: pulumi.Resource },
): ClientSecret {
    const { project, secretName, bootstrap, ca } = args;
    const { certificate, privateKey } = args.issued.certificate;
    const stringData = pulumi
        .all([certificate, privateKey, ca.trustedCertificates])
        .apply(([own, key, authorities]) => clientFiles({ bootstrap, certificate: own, key, authorities }));
    const secrets = args.namespaces.map(
        (namespace) =>
            new Secret(
                // A dot, which no component has in its name: none of another component can be called the same.
                namespace === args.namespace ? name : `${name}.${namespace}`,
                {
                    metadata: { name: secretName, namespace, labels: projectLabels(project) },
                    stringData,
                },
                opts,
            ),
    );
    const revision = pulumi
        .all([certificate, ca.trustedCertificates])
        .apply((texts) => digest(JSON.stringify(texts)));
    return { secretName, secrets, revision, expiry: args.issued.expiry };
}
