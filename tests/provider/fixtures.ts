/** Authorities and certificates as an `up` would make them. */

import { type CertificateInputs, certificate } from "../../provider/handlers/certificate.ts";
import {
    type CertificateAuthorityInputs,
    certificateAuthority,
} from "../../provider/handlers/certificateAuthority.ts";
import type { Pair } from "../../provider/x509.ts";

export async function newAuthority(
    differing: Partial<CertificateAuthorityInputs> = {},
): Promise<CertificateAuthorityInputs & Pair> {
    const given = { commonName: "cluster first", days: 3650, renewAt: 0.66, ...differing };
    const inputs = { ...certificateAuthority.complete?.(given), ...given };
    return { ...inputs, ...(await certificateAuthority.make(inputs)) };
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
