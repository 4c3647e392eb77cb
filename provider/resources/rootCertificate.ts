import * as pulumi from "@pulumi/pulumi";
import type { IssuedCertificate } from "../x509.ts";
import { withFormerType } from "./formerTypes.ts";
import type { Lifetime, ResourceArgs, ResourceOutputs } from "./inputs.ts";

/** The lifetime is that of the certificate: its key stays when it is renewed. */
export interface RootCertificateInputs extends Lifetime {
    /** Name of the CA, at most 64 characters. */
    readonly commonName: string;
    /** What sets it apart from CAs of the same name, at most 64 characters; empty for one of an older version. */
    readonly organization: string;
    /** Time of issue, ISO 8601; set by the handler. */
    readonly issuedAt: string;
}

export type RootCertificateOutputs = IssuedCertificate;

export type RootCertificateArgs = ResourceArgs<Omit<RootCertificateInputs, "issuedAt">>;

/** The self-signed certificate of a certificate authority. Its key is in Pulumi's state only, encrypted. */
export class RootCertificate
    extends pulumi.CustomResource
    implements ResourceOutputs<RootCertificateOutputs>
{
    /** PEM. */
    declare public readonly certificate: pulumi.Output<string>;
    /** PKCS #8 in PEM, a secret. */
    declare public readonly privateKey: pulumi.Output<string>;
    /** End of its validity, ISO 8601. */
    declare public readonly notAfter: pulumi.Output<string>;

    constructor(name: string, args: RootCertificateArgs, opts?: pulumi.CustomResourceOptions) {
        const type = "unity:tls:RootCertificate";
        super(type, name, { ...args, ...issuedCertificate }, withSecretKey(withFormerType(type, opts)));
    }
}

/** The outputs of a resource that is an issued certificate: not known before an `up`. */
export const issuedCertificate = {
    certificate: undefined,
    privateKey: undefined,
    notAfter: undefined,
} satisfies Record<keyof IssuedCertificate, undefined>;

/** Options of a resource with a private key. */
export function withSecretKey(opts?: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
    return { ...opts, additionalSecretOutputs: ["privateKey"] };
}
