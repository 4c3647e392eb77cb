/** What config may say of a Project's certificates. */
import { z } from "zod";
import type { Rule } from "../rules.ts";
import { whole } from "./fields.ts";

const SHARE = "must be a share from 0.1 to 0.9";
const AUTHORITY = "must be 1 to 20 lower-case letters, digits or dashes, such as first";
const AUTHORITIES = "must be a list of one or two names, the one that signs first";

export const certificatesSchema = z.strictObject(
    {
        days: whole(1, 825, "days")
            .default(365)
            .describe("Validity of the servers' and clients' certificates, days."),
        renewAt: z
            .number({ error: SHARE })
            .min(0.1, { error: SHARE })
            .max(0.9, { error: SHARE })
            .default(0.66)
            .describe("Share of the validity after which the next `up` renews a certificate."),
        authorityDays: whole(30, 7300, "days")
            .default(3650)
            .describe("Validity of the Project's authority, days."),
        authorities: z
            .array(
                z.string({ error: AUTHORITY }).regex(/^[a-z0-9]([-a-z0-9]{0,18}[a-z0-9])?$/, {
                    error: AUTHORITY,
                }),
                { error: AUTHORITIES },
            )
            .min(1, { error: AUTHORITIES })
            .max(2, { error: AUTHORITIES })
            .refine((names) => new Set(names).size === names.length, {
                error: "must be two different names",
            })
            .default(["first"])
            .describe(
                "Authorities that are trusted; the first one signs. To change it: [old, new], `up`, [new, old], `up`, [new], `up`.",
            ),
    },
    { error: "must be a block with days, renewAt, authorityDays and authorities" },
);

/** One Project's certificates, complete. */
export type CertificatesConfig = z.output<typeof certificatesSchema>;

/** Checks across fields. */
export const certificatesRules: Rule<CertificatesConfig>[] = [
    ({ days, renewAt, authorityDays }) => {
        if (days === undefined || renewAt === undefined || authorityDays === undefined) {
            return;
        }
        // A certificate never outlives its authority, which is renewed by the next `up` after its own share.
        const most = Math.floor(authorityDays - authorityDays * renewAt);
        if (days <= most) {
            return;
        }
        return [
            "days",
            `${days} is more than the ${most} that authorityDays (${authorityDays}) leaves after its share renewAt (${renewAt})`,
        ];
    },
];
