import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import { INSTANCE_LABELS, PROJECT_LABEL } from "../../common/names.ts";
import { clientFiles } from "../../kafka/client/clientFiles.ts";
import type { Trust } from "../tls/certificateAuthority.ts";

export interface ClientSecretArgs {
    readonly project: string;
    readonly namespace: pulumi.Input<string>;
    /** Name of the Secret. */
    readonly secret: string;
    /** Name by which the brokers know who holds the certificate. */
    readonly commonName: string;
    /** host:port for a client's first connection. */
    readonly bootstrap: string;
    /** Whom the brokers trust. */
    readonly trust: Trust;
}

/** A client's Secret, and what is to be known of the certificate in it. */
export interface ClientSecret {
    readonly secret: Secret;
    /** PEM. */
    readonly certificate: pulumi.Output<string>;
    /** End of its validity, ISO 8601. */
    readonly notAfter: pulumi.Output<string>;
}

/**
 * Registers what a client needs in order to connect: a certificate of its own, and settings for the usual tools.
 *
 * The Secret keeps its name when the certificate is renewed, so that a pod that mounts it finds the new one.
 */
export function registerClientSecret(
    name: string,
    { project, namespace, secret, commonName, bootstrap, trust }: ClientSecretArgs,
    opts: pulumi.CustomResourceOptions,
): ClientSecret {
    const { certificate, privateKey, notAfter } = trust.certificate(secret, {
        commonName,
        dnsNames: [],
        usages: ["client"],
    });
    const made = new Secret(
        name,
        {
            metadata: {
                name: secret,
                namespace,
                labels: { ...INSTANCE_LABELS, [PROJECT_LABEL]: project },
            },
            stringData: pulumi
                .all([certificate, privateKey, trust.authorities])
                .apply(([own, key, authorities]) =>
                    clientFiles({ bootstrap, certificate: own, key, authorities }),
                ),
        },
        opts,
    );
    return { secret: made, certificate, notAfter };
}
