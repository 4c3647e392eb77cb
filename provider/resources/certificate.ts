import * as pulumi from "@pulumi/pulumi";
import type { IssuedCertificate, Subject } from "../x509.ts";
import type { Lifetime, ResourceArgs, ResourceOutputs } from "./inputs.ts";
import { issuedCertificate, withSecretKey } from "./rootCertificate.ts";

/** The certificate never outlives that of its CA. */
export interface CertificateInputs extends Lifetime, Subject {
    /** Root certificate of the CA that signs it, PEM. */
    readonly caCertificate: string;
    /** Key of the CA, PKCS #8 in PEM. */
    readonly caPrivateKey: string;
    /** Name of that CA in config. */
    readonly signedBy: string;
    /** Names of all CAs that are trusted wherever the certificate is shown. */
    readonly trusted: readonly string[];
    /** Time of issue, ISO 8601; set by the handler. */
    readonly issuedAt: string;
}

export type CertificateOutputs = IssuedCertificate;

export type CertificateArgs = ResourceArgs<Omit<CertificateInputs, "issuedAt">>;

/** A key with a certificate that a CA has signed. */
export class Certificate extends pulumi.CustomResource implements ResourceOutputs<CertificateOutputs> {
    /** PEM. */
    declare public readonly certificate: pulumi.Output<string>;
    /** PKCS #8 in PEM, a secret. */
    declare public readonly privateKey: pulumi.Output<string>;
    /** End of its validity, ISO 8601. */
    declare public readonly notAfter: pulumi.Output<string>;

    constructor(name: string, args: CertificateArgs, opts?: pulumi.CustomResourceOptions) {
        super("unity:tls:Certificate", name, { ...args, ...issuedCertificate }, withSecretKey(opts));
    }
}
