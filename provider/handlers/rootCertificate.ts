import { diffOf, type ResourceHandler } from "../resourceHandler.ts";
import type { RootCertificateInputs, RootCertificateOutputs } from "../resources/rootCertificate.ts";
import { issuedAt } from "./renewal.ts";

/**
 * Renewal keeps key and subject, so every certificate that the CA has signed stays valid, as it names its issuer; for
 * another key and subject there is CA rotation.
 */
export const rootCertificate = {
    secretOutputs: ["privateKey"],
    check: (inputs, old) => ({
        inputs: {
            issuedAt: issuedAt(old?.issuedAt, inputs),
            // A CA of an older version of this program has no organization.
            ...(old && { commonName: old.commonName, organization: old.organization ?? "" }),
        },
        failures: [],
    }),
    diff: (old, inputs) => diffOf(old, inputs, { updates: ["days", "issuedAt"] }),
    create: async (inputs) => {
        const { newKey, selfSigned } = await import("../x509.ts");
        return selfSigned(inputs, await newKey());
    },
    update: async (old, inputs) => {
        const { selfSigned } = await import("../x509.ts");
        return selfSigned(inputs, old.privateKey);
    },
} satisfies ResourceHandler<RootCertificateInputs, RootCertificateOutputs>;
