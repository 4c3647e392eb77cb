import { X509Certificate } from "node:crypto";
import { diffOf, type ResourceHandler } from "../resourceHandler.ts";
import type { CertificateInputs, CertificateOutputs } from "../resources/certificate.ts";
import { type ReadServerCas, rotationError } from "./caRotation.ts";
import { issuedAt } from "./renewal.ts";

const inKubernetes: ReadServerCas = async (servers) =>
    (await import("../actions/serverCas.ts")).readServerCas(servers);

/** A certificate is replaced in place, with a new key, when its renewal is due and when the key of its CA changes. */
export const certificateOf = (read: ReadServerCas) =>
    ({
        secretOutputs: ["privateKey"],
        formerInputs: { authorityCertificate: "caCertificate", authorityKey: "caPrivateKey" },
        check: async (inputs, old) => {
            const reason = await rotationError(inputs, old, read);
            return {
                inputs: { issuedAt: issuedAt(old?.issuedAt, inputs) },
                failures: reason === undefined ? [] : [{ property: "signedBy", reason }],
            };
        },
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
    }) satisfies ResourceHandler<CertificateInputs, CertificateOutputs>;

export const certificate = certificateOf(inKubernetes);

/** A root certificate that was only renewed has the key that it had. One that is not known yet may have another. */
function hasOtherKey(old: string, now: string | undefined): boolean {
    const keyOf = (certificate: string) => new X509Certificate(certificate).publicKey;
    return now === undefined || !keyOf(old).equals(keyOf(now));
}
