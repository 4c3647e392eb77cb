/** What config says of IKP: where it is, and by what this environment is known there. */
import { z } from "zod";
import type { ConfigIssue } from "../errors.ts";
import { isBlock } from "../rules.ts";
import { text } from "./fields.ts";
import { secret, secretOr } from "./secrets.ts";

const ADDRESS = "must be host:port, such as ikp-1.example.com:9093";
const ADDRESS_PATTERN = /^[A-Za-z0-9]([-A-Za-z0-9.]{0,251}[A-Za-z0-9])?:([1-9][0-9]{0,4})$/;

const address = () =>
    z
        .string({ error: ADDRESS })
        .refine((value) => Number(ADDRESS_PATTERN.exec(value)?.[2] ?? Infinity) <= 65_535, {
            error: ADDRESS,
        });

const pem = () =>
    z
        .string({ error: PEM })
        .regex(/^\s*-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----\s*$/, { error: PEM });
const PEM = "is no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----";

export const SASL_MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] as const;

export const ikpSchema = z.strictObject(
    {
        bootstrapServers: z
            .array(secretOr(address(), ADDRESS), { error: "must be a list of host:port" })
            .min(1, { error: "must name one host:port or more" })
            .describe("Brokers for the first connection. The others must listen on the same ports."),
        sasl: z
            .strictObject(
                {
                    mechanism: z.enum(SASL_MECHANISMS, {
                        error: `must be one of ${SASL_MECHANISMS.join(", ")}`,
                    }),
                    username: secretOr(text("must be a name"), "must be a name"),
                    password: secret(),
                },
                { error: "is no block with mechanism, username and password" },
            )
            .optional()
            .describe("User and password, over TLS. Either this or tls."),
        tls: z
            .strictObject(
                {
                    certificate: secretOr(pem(), PEM).describe(
                        "PEM, with those between it and its authority.",
                    ),
                    key: secret().describe("PKCS #8 in PEM, without a passphrase."),
                },
                { error: "is no block with certificate and key" },
            )
            .optional()
            .describe("Certificate of this environment's bridges. Either this or sasl."),
        authority: secretOr(pem(), PEM)
            .optional()
            .describe("Who signs the brokers' certificates, PEM. Default: those that Java trusts."),
    },
    { error: "is no block with bootstrapServers and sasl or tls" },
);

/** IKP as the bridges see it. A secret is plain in the program, and cipher text where only the file was read. */
export type IkpConfig = z.output<typeof ikpSchema>;

/** Faults across the fields of the block. */
export function ikpIssues(ikp: unknown): ConfigIssue[] {
    if (!isBlock(ikp) || (ikp.sasl === undefined) !== (ikp.tls === undefined)) {
        return [];
    }
    const message =
        ikp.sasl === undefined
            ? "says not how to log in; add sasl (mechanism, username, password) or tls (certificate, key)"
            : "has both sasl and tls; keep the one by which IKP knows this environment";
    return [{ path: "ikp", message }];
}
