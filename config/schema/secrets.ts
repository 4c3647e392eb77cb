/** Secrets of a stack file. */
import { z } from "zod";
import type { ConfigIssue } from "../../common/configIssue.ts";
import { pathText } from "../errors.ts";
import { isBlock } from "../raw.ts";

const SECRET_KEY = /password|passwd|passphrase|credential|jaas/i;
const SECRET_OPTION = /(password|passwd|passphrase|credential|secret)[^=]*=./i;

/** Paths of settings that must be secrets of the stack. */
const SECRETS = /^(projects\[\d+\]\.bridge\.)?ikp\.(sasl\.password|tls\.key)$/;

const SET = "pulumi config set --secret --path";
/** Kafka would resolve it as a reference to another file. */
const REFERENCE = /\$\{/;

const ciphertext = () => z.string({ error: CIPHERTEXT }).min(1, { error: CIPHERTEXT });
const CIPHERTEXT = "must be the ciphertext that Pulumi writes";

/** A secret in a stack file: a block that Pulumi writes. */
const secureBlock = () => z.strictObject({ secure: ciphertext() });

/** A text that only a secret of the stack may hold, as {@link SECRETS} names them. */
export const secret = () =>
    z
        .strictObject(
            { secure: ciphertext() },
            {
                error: ({ input }) =>
                    input === undefined
                        ? `must be a secret of the stack, set with ${SET}`
                        : `is a secret in plain text; issue a new one, and set that with ${SET}`,
            },
        )
        .refine(({ secure }) => !REFERENCE.test(secure), {
            error: "is not allowed with ${ in it; issue a new one",
        })
        .transform(({ secure }) => secure);

/** A text that may be a secret of the stack as well. */
export const secretOr = (plain: z.ZodString, allowed: string) =>
    z.union([plain, secureBlock().transform(({ secure }) => secure)], { error: allowed });

/** A setting in which Pulumi has decrypted the secrets, in the form of the stack file, so that one schema fits both. */
export function withSecrets(name: string, value: unknown, path: string = name): unknown {
    if (typeof value === "string" && SECRETS.test(path)) {
        return { secure: value };
    }
    if (Array.isArray(value)) {
        return value.map((entry: unknown, i) => withSecrets(name, entry, `${path}[${i}]`));
    }
    if (!isBlock(value)) {
        return value;
    }
    return Object.fromEntries(
        Object.entries(value).map(([key, below]) => [key, withSecrets(name, below, `${path}.${key}`)]),
    );
}

/**
 * Secrets in plain text, which everybody who reads the repository can read. {@link SECRETS} are checked by the schema;
 * any other setting that looks like a secret does not belong in a stack file.
 */
export function secretIssues(raw: unknown, path: readonly PropertyKey[] = []): ConfigIssue[] {
    if (Array.isArray(raw)) {
        return raw.flatMap((entry: unknown, i) => secretIssues(entry, [...path, i]));
    }
    if (isBlock(raw)) {
        return Object.entries(raw).flatMap(([key, value]) => secretIssues(value, [...path, key]));
    }
    if (typeof raw !== "string" || SECRETS.test(pathText(path))) {
        return [];
    }
    const name = String(path.at(-1));
    // Entries of a list, such as jvmOptions, have no name.
    const secret = typeof path.at(-1) === "number" ? SECRET_OPTION.test(raw) : SECRET_KEY.test(name);
    return secret
        ? [
              {
                  path: pathText(path),
                  message: "is a secret in plain text; remove it, and issue a new one",
              },
          ]
        : [];
}
