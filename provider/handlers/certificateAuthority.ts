import { differs, issuedAt, type Lifetime } from "../renewal.ts";
import type { ResourceHandler } from "../resourceHandler.ts";
import { newKey, type Pair, selfSigned } from "../x509.ts";

export interface CertificateAuthorityInputs extends Lifetime {
    readonly commonName: string;
    /** When its certificate was issued, ISO 8601. */
    readonly issuedAt?: string;
}

/**
 * A certificate authority. Its renewal keeps the key, so whatever it has signed stays good; a new key is what a
 * rotation to another authority is for.
 */
export const certificateAuthority: ResourceHandler<CertificateAuthorityInputs, Pair> = {
    secrets: ["privateKey"],
    complete: (inputs, old) => ({ issuedAt: issuedAt(old?.issuedAt, inputs) }),
    changes: (old, now) => differs(old, now, ["commonName", "days", "issuedAt"]),
    make: async ({ commonName, issuedAt: from, days }, old) =>
        selfSigned(commonName, old?.privateKey ?? (await newKey()), from!, days),
};
