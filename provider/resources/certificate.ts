import * as pulumi from "@pulumi/pulumi";
import type { Usage } from "../x509.ts";
import { type CertificateAuthorityKey, secretKey } from "./certificateAuthority.ts";

export interface CertificateArgs {
    readonly authority: CertificateAuthorityKey;
    /** Name of that authority in config. */
    readonly signedBy: string;
    /** Names of all that are trusted now. */
    readonly trusted: readonly string[];
    /** Name by which Kafka and ZooKeeper know who holds it, at most 64 characters. */
    readonly commonName: string;
    /** Names by which a server is reached; may begin with `*.`. */
    readonly dnsNames: readonly string[];
    readonly usages: readonly Usage[];
    /** Validity in days; never longer than the authority's. */
    readonly days: number;
    /** Share of the days after which an `up` makes a new one. */
    readonly renewAt: number;
}

/** A key with a certificate of an authority. */
export class Certificate extends pulumi.CustomResource {
    /** PEM. */
    declare public readonly certificate: pulumi.Output<string>;
    /** PKCS #8 in PEM, a secret. */
    declare public readonly privateKey: pulumi.Output<string>;
    /** End of its validity, ISO 8601. */
    declare public readonly notAfter: pulumi.Output<string>;

    constructor(
        name: string,
        { authority, ...subject }: CertificateArgs,
        opts?: pulumi.CustomResourceOptions,
    ) {
        const inputs = {
            ...subject,
            authorityCertificate: authority.certificate,
            authorityKey: authority.privateKey,
        };
        const outputs = { certificate: undefined, privateKey: undefined, notAfter: undefined };
        super("unity:tls:Certificate", name, { ...inputs, ...outputs }, secretKey(opts));
    }
}
