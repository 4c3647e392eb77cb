import { diffOf, type ResourceHandler } from "../resourceHandler.ts";
import type { RootCertificateInputs, RootCertificateOutputs } from "../resources/rootCertificate.ts";
import { issuedAt } from "./renewal.ts";

/**
 * Renewal keeps the key, so every certificate that the CA has signed stays valid; for a new key there is CA rotation.
 */
export const rootCertificate = {
    secretOutputs: ["privateKey"],
    check: (inputs, old) => ({ inputs: { issuedAt: issuedAt(old?.issuedAt, inputs) }, failures: [] }),
    diff: (old, inputs) => diffOf(old, inputs, { updates: ["commonName", "days", "issuedAt"] }),
    create: async (inputs) => {
        const { newKey, selfSigned } = await import("../x509.ts");
        return selfSigned(inputs, await newKey());
    },
    update: async (old, inputs) => {
        const { selfSigned } = await import("../x509.ts");
        return selfSigned(inputs, old.privateKey);
    },
} satisfies ResourceHandler<RootCertificateInputs, RootCertificateOutputs>;
