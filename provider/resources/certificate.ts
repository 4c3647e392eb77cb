import * as pulumi from "@pulumi/pulumi";
import type { PodCas, Trust } from "../../common/names.ts";
import type { IssuedCertificate, Subject } from "../x509.ts";
import type { InNamespace, Lifetime, ResourceArgs, ResourceOutputs } from "./inputs.ts";
import { issuedCertificate, withSecretKey } from "./rootCertificate.ts";

/** The servers of a Project that show certificates of a CA, and trust it. */
export interface TrustingServers extends InNamespace {
    readonly trust: Trust;
}

/** The certificate never outlives that of its CA. */
export interface CertificateInputs extends Lifetime, Subject, PodCas {
    /** Root certificate of the CA that signs it, PEM. */
    readonly caCertificate: string;
    /** Key of the CA, PKCS #8 in PEM. */
    readonly caPrivateKey: string;
    /** Servers that are asked before another CA signs, or one is trusted no more. */
    readonly servers: TrustingServers;
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
