/** What config says of IKP: its address, and the credentials of this environment. */
import { z } from "zod";
import { text } from "./fields.ts";
import { withRules } from "./rules.ts";
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
const PEM = "is not a certificate in PEM, which begins with -----BEGIN CERTIFICATE-----";

const SASL_MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] as const;

export const ikpSchema = withRules(
    z.strictObject(
        {
            bootstrapServers: z
                .array(secretOr(address(), ADDRESS), { error: "must be a list of host:port" })
                .min(1, { error: "must name one host:port or more" })
                .describe("Brokers for the first connection. The others must listen on the same ports."),
            sasl: z
                .strictObject(
                    {
                        mechanism: z
                            .enum(SASL_MECHANISMS, {
                                error: `must be one of ${SASL_MECHANISMS.join(", ")}`,
                            })
                            .describe("SASL mechanism."),
                        username: secretOr(text("must be a name"), "must be a name").describe("User at IKP."),
                        password: secret().describe("Its password."),
                    },
                    { error: "must be a block with mechanism, username and password" },
                )
                .optional()
                .describe("User and password, over TLS. Either this or tls."),
            tls: z
                .strictObject(
                    {
                        certificate: secretOr(pem(), PEM).describe("PEM, with the intermediate CAs."),
                        key: secret().describe("PKCS #8 in PEM, without a passphrase."),
                    },
                    { error: "must be a block with certificate and key" },
                )
                .optional()
                .describe("Client certificate of this environment's bridges. Either this or sasl."),
            authority: secretOr(pem(), PEM)
                .optional()
                .describe("CA of the brokers' certificates, PEM. Default: those that Java trusts."),
        },
        { error: "must be a block with bootstrapServers and sasl or tls" },
    ),
    [
        ({ sasl, tls }, error, invalid) => {
            const given = [
                sasl !== undefined || invalid.has("sasl"),
                tls !== undefined || invalid.has("tls"),
            ];
            if (given.every(Boolean)) {
                error([], "has both sasl and tls; keep one of them");
            } else if (!given.some(Boolean)) {
                error([], "requires sasl (mechanism, username, password) or tls (certificate, key)");
            }
        },
    ],
);

/** How bridges connect to IKP. A secret is plain text in the program, and ciphertext where only the file was read. */
export type IkpConfig = z.output<typeof ikpSchema>;
