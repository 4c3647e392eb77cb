/** What config says of IKP: its addresses, and each bridge's login. */
import { z } from "zod";
import { addressRange, text } from "./fields.ts";
import { type Rule, withRules } from "./rules.ts";
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

const sasl = z.strictObject(
    {
        mechanism: z
            .enum(SASL_MECHANISMS, { error: `must be one of ${SASL_MECHANISMS.join(", ")}` })
            .describe("SASL mechanism."),
        username: secretOr(text("must be a name"), "must be a name").describe("User at IKP."),
        password: secret().describe("Its password."),
    },
    { error: "must be a block with mechanism, username and password" },
);

const tls = z.strictObject(
    {
        certificate: secretOr(pem(), PEM).describe("PEM, with the intermediate CAs."),
        key: secret().describe("PKCS #8 in PEM, without a passphrase."),
    },
    { error: "must be a block with certificate and key" },
);

const login = z.strictObject(
    {
        sasl: sasl.optional().describe("User and password, over TLS. Either this or tls."),
        tls: tls.optional().describe("Client certificate. Either this or sasl."),
    },
    { error: "must be a block with sasl or tls" },
);

const notBoth: Rule<z.output<typeof login>> = (fields, error, invalid) => {
    if (hasLogin("sasl", fields, invalid) && hasLogin("tls", fields, invalid)) {
        error([], "has both sasl and tls; keep one of them");
    }
};

function hasLogin(
    name: "sasl" | "tls",
    fields: Partial<z.output<typeof login>>,
    invalid: ReadonlySet<PropertyKey | undefined>,
): boolean {
    return fields[name] !== undefined || invalid.has(name);
}

export const LOGIN_REQUIRED = "requires sasl (mechanism, username, password) or tls (certificate, key)";

/** How one Project's bridge logs in. */
export const ikpLoginSchema = withRules(login, [
    notBoth,
    (fields, error, invalid) => {
        if (!hasLogin("sasl", fields, invalid) && !hasLogin("tls", fields, invalid)) {
            error([], LOGIN_REQUIRED);
        }
    },
]);

export const ikpSchema = withRules(
    z.strictObject(
        {
            bootstrapServers: z
                .array(secretOr(address(), ADDRESS), { error: "must be a list of host:port" })
                .min(1, { error: "must name one host:port or more" })
                .describe("Brokers for the first connection. The others must listen on the same ports."),
            ranges: z
                .array(addressRange(), { error: "must be a list of ranges of addresses" })
                .default([])
                .describe(
                    "Addresses of all its brokers, to which alone bridges may connect. Default: any address, at the ports of bootstrapServers.",
                ),
            sasl: sasl
                .optional()
                .describe("Deprecated: the login of bridges that have none of their own in bridge.ikp."),
            tls: tls
                .optional()
                .describe("Deprecated: the certificate of bridges that have no login in bridge.ikp."),
            authority: secretOr(pem(), PEM)
                .optional()
                .describe("CA of the brokers' certificates, PEM. Default: those that Java trusts."),
        },
        { error: "must be a block with bootstrapServers" },
    ),
    [notBoth],
);

/** One Project's login at IKP. A secret is plain text in the program, and ciphertext where only the file was read. */
type IkpLogin = z.output<typeof login>;

/** How a bridge connects to IKP: where all do, with a login of its own. */
export type IkpConfig = z.output<typeof ikpSchema>;

/**
 * How a Project's bridge connects to IKP.
 * @param own its login; default: the one that all bridges without their own share
 */
export function ikpFor({ sasl, tls, ...ikp }: IkpConfig, own: IkpLogin = { sasl, tls }): IkpConfig {
    return { ...ikp, ...own };
}
