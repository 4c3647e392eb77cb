import { differs, issuedAt, type Lifetime } from "../renewal.ts";
import type { ResourceHandler } from "../resourceHandler.ts";
import { type Pair, type Subject, sameKey, signed } from "../x509.ts";

export interface CertificateInputs extends Lifetime, Subject {
    /** The authority that signs it, PEM. Not known in the preview that would make or renew the authority. */
    readonly authorityCertificate?: string;
    readonly authorityKey?: string;
    /** Name of that authority. */
    readonly signedBy: string;
    /** Names of all authorities that those trust whom it is shown to. */
    readonly trusted: readonly string[];
    /** When it was issued, ISO 8601. */
    readonly issuedAt?: string;
}

/** A certificate over a key of its own. It is renewed, with a new key, when it is due and when its authority changes. */
export const certificate: ResourceHandler<CertificateInputs, Pair> = {
    secrets: ["privateKey"],
    complete: (inputs, old) => ({ issuedAt: issuedAt(old?.issuedAt, inputs) }),
    faults: (now, old) => {
        if (old === undefined || old.signedBy === now.signedBy) {
            return [];
        }
        if (old.trusted.includes(now.signedBy) && now.trusted.includes(old.signedBy)) {
            return [];
        }
        const both = [old.signedBy, now.signedBy];
        return [
            {
                property: "signedBy",
                reason: `servers that trust ${old.trusted.join(" and ")} would not know each other on the way to ${now.signedBy}. Set authorities to [${both.join(", ")}] and run up, then to [${both.toReversed().join(", ")}]`,
            },
        ];
    },
    changes: (old, now) =>
        differs(old, now, ["commonName", "dnsNames", "usages", "days", "issuedAt"]) ||
        hasOtherAuthority(old, now),
    make: ({ authorityCertificate, authorityKey, issuedAt: from, days, ...subject }) =>
        signed(subject, { certificate: authorityCertificate!, privateKey: authorityKey! }, from!, days),
};

/** An authority that was only renewed has the key that it had. */
function hasOtherAuthority(
    { authorityCertificate: old }: CertificateInputs,
    { authorityCertificate: now }: CertificateInputs,
): boolean {
    if (old === undefined || now === undefined) {
        return old !== now;
    }
    return !sameKey(old, now);
}
