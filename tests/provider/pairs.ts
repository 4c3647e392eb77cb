/** Authorities and certificates as an `up` would make them. */
import { type AuthorityInputs, authority } from "../../provider/authority.ts";
import { type CertificateInputs, certificate } from "../../provider/certificate.ts";
import type { Pair } from "../../provider/x509.ts";

export async function newAuthority(
    differing: Partial<AuthorityInputs> = {},
): Promise<AuthorityInputs & Pair> {
    const given = { commonName: "cluster first", days: 3650, renewAt: 0.66, ...differing };
    const inputs = { ...authority.complete?.(given), ...given };
    return { ...inputs, ...(await authority.make(inputs)) };
}

export async function newCertificate(
    signer: Pair,
    differing: Partial<CertificateInputs> = {},
): Promise<CertificateInputs & Pair> {
    const given: CertificateInputs = {
        commonName: "brokers.unity-kafka",
        dnsNames: ["localhost", "*.kafka-brokers.demo.svc"],
        usages: ["server", "client"],
        days: 365,
        renewAt: 0.66,
        signedBy: "first",
        trusted: ["first"],
        authorityCertificate: signer.certificate,
        authorityKey: signer.privateKey,
        ...differing,
    };
    const inputs = { ...certificate.complete?.(given), ...given };
    return { ...inputs, ...(await certificate.make(inputs)) };
}
