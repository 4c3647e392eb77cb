import { createHash } from "node:crypto";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import type { Certificate } from "../../provider/resources/certificate.ts";
import type { Trust } from "./certificateAuthority.ts";

/** Files of a server's Secret: its key and certificate, and the authorities that it trusts. */
export const KEY_STORE = "keystore.pem";
export const TRUST_STORE = "truststore.pem";

export interface ServerSecretArgs {
    readonly namespace: pulumi.Input<string>;
    readonly labels: Record<string, string>;
    /** Beginning of the Secret's name. */
    readonly prefix: string;
    readonly certificate: Certificate;
    readonly trust: Trust;
}

/**
 * Registers a server's key and certificate and the authorities that it trusts, as files that Kafka and ZooKeeper read.
 *
 * It never changes: its name tells what is in it, so another certificate is another Secret, whose name in the pod
 * template rolls the servers one by one. The old one goes when the roll is over.
 *
 * @returns its name
 */
export function registerServerSecret(
    name: string,
    { namespace, labels, prefix, certificate, trust }: ServerSecretArgs,
    opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
    const digest = pulumi
        .all([certificate.certificate, trust.authorities])
        .apply((texts) => createHash("sha256").update(texts.join("")).digest("hex").slice(0, 10));
    const secret = new Secret(
        name,
        {
            metadata: { name: pulumi.interpolate`${prefix}-${digest}`, namespace, labels },
            immutable: true,
            stringData: {
                [KEY_STORE]: pulumi.interpolate`${certificate.privateKey}${certificate.certificate}`,
                [TRUST_STORE]: trust.authorities,
            },
        },
        opts,
    );
    return secret.metadata.name;
}
