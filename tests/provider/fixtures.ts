/** Root certificates and certificates as an `up` would create them. */

import { certificate } from "../../provider/handlers/certificate.ts";
import { issuedAt } from "../../provider/handlers/renewal.ts";
import { rootCertificate } from "../../provider/handlers/rootCertificate.ts";
import type { CertificateInputs } from "../../provider/resources/certificate.ts";
import type { RootCertificateInputs } from "../../provider/resources/rootCertificate.ts";
import type { IssuedCertificate } from "../../provider/x509.ts";

export async function newRootCertificate(
    differing: Partial<RootCertificateInputs> = {},
): Promise<RootCertificateInputs & IssuedCertificate> {
    const lifetime = { days: 3650, renewAt: 0.66 };
    const inputs = {
        commonName: "cluster first",
        organization: "demo",
        ...lifetime,
        issuedAt: issuedAt(undefined, lifetime),
        ...differing,
    };
    return { ...inputs, ...(await rootCertificate.create(inputs)) };
}

export async function newCertificate(
    ca: IssuedCertificate,
    differing: Partial<CertificateInputs> = {},
): Promise<CertificateInputs & IssuedCertificate> {
    const lifetime = { days: 365, renewAt: 0.66 };
    const inputs: CertificateInputs = {
        commonName: "brokers.unity-kafka",
        dnsNames: ["localhost", "*.kafka-brokers.demo.svc"],
        usages: ["server", "client"],
        ...lifetime,
        signedBy: "first",
        trusted: ["first"],
        servers: { cluster: { context: "here" }, namespace: "demo", trust: "cluster" },
        caCertificate: ca.certificate,
        caPrivateKey: ca.privateKey,
        issuedAt: issuedAt(undefined, lifetime),
        ...differing,
    };
    return { ...inputs, ...(await certificate.create(inputs)) };
}
