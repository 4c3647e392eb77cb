import { X509Certificate } from "node:crypto";
import { diffOf, type Preview, type ResourceHandler } from "../resourceHandler.ts";
import type { CertificateInputs, CertificateOutputs } from "../resources/certificate.ts";
import { issuedAt } from "./renewal.ts";

/** A certificate is replaced in place, with a new key, when its renewal is due and when the key of its CA changes. */
export const certificate = {
    secretOutputs: ["privateKey"],
    formerInputs: { authorityCertificate: "caCertificate", authorityKey: "caPrivateKey" },
    check: (inputs, old) => ({
        inputs: { issuedAt: issuedAt(old?.issuedAt, inputs) },
        failures: rotationFailures(inputs, old),
    }),
    diff: (old, inputs) => {
        const { changes, replaces } = diffOf(old, inputs, {
            updates: ["commonName", "dnsNames", "usages", "days", "issuedAt"],
        });
        return { changes: changes || hasOtherKey(old.caCertificate, inputs.caCertificate), replaces };
    },
    create: async (inputs) => {
        const { signed } = await import("../x509.ts");
        return signed(inputs, { certificate: inputs.caCertificate, privateKey: inputs.caPrivateKey });
    },
} satisfies ResourceHandler<CertificateInputs, CertificateOutputs>;

/** A new CA signs only once every server trusts it and while all still trust the old one. */
function rotationFailures({ signedBy, trusted }: Preview<CertificateInputs>, old?: CertificateInputs) {
    if (old === undefined || signedBy === undefined || old.signedBy === signedBy) {
        return [];
    }
    if (old.trusted.includes(signedBy) && trusted?.includes(old.signedBy)) {
        return [];
    }
    const both = [old.signedBy, signedBy];
    return [
        {
            property: "signedBy",
            reason: `servers that trust only ${old.trusted.join(" and ")} would reject certificates of ${signedBy}. Set authorities to [${both.join(", ")}] and run up, then to [${both.toReversed().join(", ")}]`,
        },
    ];
}

/** A root certificate that was only renewed has the key that it had. One that is not known yet may have another. */
function hasOtherKey(old: string, now: string | undefined): boolean {
    const keyOf = (certificate: string) => new X509Certificate(certificate).publicKey;
    return now === undefined || !keyOf(old).equals(keyOf(now));
}
