import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import type { Certificate } from "../../provider/resources/certificate.ts";
import { digest } from "../digest.ts";
import type { CertificateAuthority } from "./certificateAuthority.ts";

/** Files of a server's Secret: its key and certificate, and the root certificates that it trusts. */
export const KEY_STORE = "keystore.pem";
export const TRUST_STORE = "truststore.pem";

export interface ServerSecretArgs {
    readonly namespace: pulumi.Input<string>;
    readonly labels: Record<string, string>;
    /** Beginning of the Secret's name. */
    readonly prefix: string;
    readonly certificate: Certificate;
    /** The CA that has issued the certificate. */
    readonly ca: CertificateAuthority;
}

/**
 * Registers a server's key and certificate and the CA that it trusts, as files that Kafka and ZooKeeper read.
 *
 * The Secret never changes: its name has a digest of its content, so a renewed certificate is a new Secret, whose name
 * in the pod template rolls the servers one by one. The old one is deleted when the rolling update is over.
 *
 * @returns its name
 */
export function registerServerSecret(
    name: string,
    { namespace, labels, prefix, certificate, ca }: ServerSecretArgs,
    opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
    const revision = pulumi
        .all([certificate.certificate, ca.trustedCertificates])
        .apply((texts) => digest(texts.join("")));
    const secret = new Secret(
        name,
        {
            metadata: { name: pulumi.interpolate`${prefix}-${revision}`, namespace, labels },
            immutable: true,
            stringData: {
                [KEY_STORE]: pulumi.interpolate`${certificate.privateKey}${certificate.certificate}`,
                [TRUST_STORE]: ca.trustedCertificates,
            },
        },
        opts,
    );
    return secret.metadata.name;
}
