import * as pulumi from "@pulumi/pulumi";
import type { CertificatesConfig } from "../../config/schema/certificates.ts";
import { Certificate, type CertificateArgs } from "../../provider/resources/certificate.ts";
import { RootCertificate } from "../../provider/resources/rootCertificate.ts";

/**
 * A circle of those who trust each other: whoever holds a certificate of one of its authorities. While one authority
 * takes over from another there are two, and the first of them signs.
 */
export class Trust {
    /** Certificates of all its authorities, PEM. */
    public readonly authorities: pulumi.Output<string>;
    readonly #name: string;
    readonly #signing: RootCertificate;
    readonly #names: readonly string[];
    readonly #lifetime: Pick<CertificatesConfig, "days" | "renewAt">;
    readonly #opts: pulumi.CustomResourceOptions;

    /**
     * @param circle what the circle is called; part of its authorities' names, which must differ from each other
     * @param name prefix of the resources' names
     */
    constructor(
        circle: string,
        name: string,
        { days, renewAt, authorityDays, authorities }: CertificatesConfig,
        opts: pulumi.CustomResourceOptions,
    ) {
        const [signing, ...others] = authorities.map(
            (authority) =>
                new RootCertificate(
                    `${name}-${circle}-authority-${authority}`,
                    { commonName: `unity-kafka ${circle} ${authority}`, days: authorityDays, renewAt },
                    opts,
                ),
        );
        this.#name = name;
        this.#signing = signing!;
        this.#names = authorities;
        this.#lifetime = { days, renewAt };
        this.#opts = opts;
        this.authorities = pulumi
            .all([signing!, ...others].map(({ certificate }) => certificate))
            .apply((certificates) => certificates.join(""));
    }

    /** A certificate of the authority that signs, renewed as config says. */
    certificate(
        holder: string,
        subject: Pick<CertificateArgs, "commonName" | "dnsNames" | "usages">,
    ): Certificate {
        const names = { signedBy: this.#names[0]!, trusted: this.#names };
        const ca = { caCertificate: this.#signing.certificate, caPrivateKey: this.#signing.privateKey };
        const args = { ...ca, ...names, ...subject, ...this.#lifetime };
        return new Certificate(`${this.#name}-${holder}-certificate`, args, this.#opts);
    }
}
