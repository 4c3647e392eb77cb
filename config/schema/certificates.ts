/** What config may say of a Project's certificates. */
import { z } from "zod";
import { duplicates } from "../errors.ts";
import { keyNumber, whole } from "./fields.ts";
import type { Rule } from "./rules.ts";

const SHARE = "must be a share from 0.1 to 0.9";
const CA_NAME = "must be 1 to 20 lower-case letters, digits or dashes, such as first";
const CA_NAMES = "must be a list of one or two names, the one that signs first";

/** Without its rules, as layers of it are partial. */
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
            .describe("Validity of the Project's certificate authority (CA), days."),
        authorities: z
            .array(
                z.string({ error: CA_NAME }).regex(/^[a-z0-9]([-a-z0-9]{0,18}[a-z0-9])?$/, {
                    error: CA_NAME,
                }),
                { error: CA_NAMES },
            )
            .min(1, { error: CA_NAMES })
            .max(2, { error: CA_NAMES })
            .refine((names) => duplicates(names).length === 0, { error: "must be two different names" })
            .default(["first"])
            .describe(
                "CAs that are trusted; the first one signs. CA rotation: [old, new], `up`, [new, old], `up`, [new], `up`.",
            ),
        operatorKey: keyNumber().describe(
            "Number of the operator's key. With the next number the operator gets another key, the brokers restart one by one, and the former key is allowed nothing after the `up`.",
        ),
    },
    { error: "must be a block with days, renewAt, authorityDays, authorities and operatorKey" },
);

/** One Project's certificates, complete. */
export type CertificatesConfig = z.output<typeof certificatesSchema>;

export const certificatesRules: readonly Rule<CertificatesConfig>[] = [
    ({ days, renewAt, authorityDays }, error) => {
        if (days === undefined || renewAt === undefined || authorityDays === undefined) {
            return;
        }
        // A certificate must not outlive its CA, which is renewed by the next `up` after the same share.
        const most = Math.floor(authorityDays - authorityDays * renewAt);
        if (days > most) {
            error(
                ["days"],
                `${days} is more than the ${most} days that the CA is still valid when it is renewed (authorityDays ${authorityDays}, renewAt ${renewAt})`,
            );
        }
    },
];
