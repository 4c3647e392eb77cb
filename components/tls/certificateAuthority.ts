import * as pulumi from "@pulumi/pulumi";
import { caAnnotation, type PodCas, type Trust } from "../../common/names.ts";
import type { CertificatesConfig } from "../../config/schema/certificates.ts";
import { Certificate, type CertificateArgs } from "../../provider/resources/certificate.ts";
import { RootCertificate } from "../../provider/resources/rootCertificate.ts";
import { formerSibling } from "../aliases.ts";
import type { NamespaceRef } from "../kubernetes/namespaceRef.ts";
import type { Expiry } from "../monitoring/certificateExpiry.ts";

export interface CertificateAuthorityArgs {
    /** Whose certificates it issues: those of a ZooKeeper ensemble and its clients, or of a Kafka cluster and its. */
    readonly issuesFor: Trust;
    /** Name of the Project: CAs of two Projects have different subjects. */
    readonly project: string;
    /** Where the servers are. */
    readonly namespaceRef: NamespaceRef;
    readonly certificates: CertificatesConfig;
}

/** A CA of a Project. During a CA rotation it has two root certificates: both are trusted, the first one signs. */
export class CertificateAuthority extends pulumi.ComponentResource {
    /** All its root certificates, PEM. */
    public readonly trustedCertificates: pulumi.Output<string>;
    /** When each of them expires. */
    public readonly expiry: pulumi.Output<Expiry[]>;
    /** Annotations of the pods that mount a certificate of it. */
    public readonly podAnnotations: Readonly<Record<string, string>>;
    readonly #issuer: Omit<CertificateArgs, "commonName" | "dnsNames" | "usages">;

    constructor(name: string, args: CertificateAuthorityArgs, opts?: pulumi.ComponentResourceOptions) {
        super("unity-kafka:index:CertificateAuthority", name, {}, opts);
        const { days, renewAt, authorityDays, authorities } = args.certificates;
        const formerName = name.replace(/-ca$/, "-authority");
        const roots = authorities.map(
            (root) =>
                new RootCertificate(
                    `${name}-${root}`,
                    {
                        commonName: `unity-kafka ${args.issuesFor} ${root}`,
                        organization: args.project,
                        days: authorityDays,
                        renewAt,
                    },
                    { parent: this, aliases: [formerSibling(`${formerName}-${root}`, opts)] },
                ),
        );
        const cas: PodCas = { signedBy: authorities[0]!, trusted: authorities };
        this.podAnnotations = { [caAnnotation(args.issuesFor)]: JSON.stringify(cas) };
        this.#issuer = {
            caCertificate: roots[0]!.certificate,
            caPrivateKey: roots[0]!.privateKey,
            ...cas,
            servers: { ...args.namespaceRef, trust: args.issuesFor },
            days,
            renewAt,
        };
        this.trustedCertificates = pulumi
            .all(roots.map(({ certificate }) => certificate))
            .apply((certificates) => certificates.join(""));
        this.expiry = pulumi.all(
            roots.map(({ notAfter }, i) =>
                notAfter.apply(
                    (expiresAt): Expiry => ({
                        ...{ certificate: "ca", name: `${args.issuesFor}-${authorities[i]}` },
                        expiresAt,
                    }),
                ),
            ),
        );
        this.registerOutputs({ trustedCertificates: this.trustedCertificates });
    }

    /** Registers a certificate that this CA signs, renewed as config says. */
    issue(
        name: string,
        subject: Pick<CertificateArgs, "commonName" | "dnsNames" | "usages">,
        opts: pulumi.CustomResourceOptions,
    ): Certificate {
        return new Certificate(name, { ...this.#issuer, ...subject }, opts);
    }
}
