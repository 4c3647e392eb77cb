import * as pulumi from "@pulumi/pulumi";

export interface AuthorityArgs {
    readonly commonName: string;
    /** Validity of its certificate, in days. */
    readonly days: number;
    /** Share of the days after which an `up` renews the certificate; the key stays. */
    readonly renewAt: number;
}

/** A certificate authority; its key never leaves Pulumi's state. */
export class CertificateAuthorityKey extends pulumi.CustomResource {
    /** PEM. */
    declare public readonly certificate: pulumi.Output<string>;
    /** PKCS #8 in PEM, a secret. */
    declare public readonly privateKey: pulumi.Output<string>;

    constructor(name: string, args: AuthorityArgs, opts?: pulumi.CustomResourceOptions) {
        const outputs = { certificate: undefined, privateKey: undefined, notAfter: undefined };
        super("unity:tls:Authority", name, { ...args, ...outputs }, secretKey(opts));
    }
}

/** Options of what has a private key. */
export function secretKey(opts?: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
    return { ...opts, additionalSecretOutputs: ["privateKey"] };
}
