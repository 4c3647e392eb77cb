import { z } from "zod";
import type { ConfigIssue } from "../errors.ts";
import { pathText } from "../errors.ts";
import { isBlock } from "../rules.ts";

const SECRET_KEY = /password|passwd|passphrase|credential|jaas/i;
const SECRET_OPTION = /(password|passwd|passphrase|credential|secret)[^=]*=./i;

/** All that may be a secret in config, and must be one. */
const SECRETS = ["ikp.sasl.password", "ikp.tls.key"] as const;

const SET = "pulumi config set --secret --path";
/** Kafka would take it for a reference to another file. */
const REFERENCE = /\$\{/;

/** What a secret is in a stack file: a block that Pulumi writes. */
const secureBlock = () => z.strictObject({ secure: z.string().min(1) });

/** A text that only a secret of the stack may hold, as {@link SECRETS} names them. */
export const secret = () =>
    z
        .strictObject(
            { secure: z.string().min(1) },
            {
                error: ({ input }) =>
                    input === undefined
                        ? `must be a secret of the stack, set with ${SET}`
                        : `is a secret in plain text; give out a new one, and set that with ${SET}`,
            },
        )
        .refine(({ secure }) => !REFERENCE.test(secure), {
            error: "is not allowed with ${ in it; give out a new one",
        })
        .transform(({ secure }) => secure);

/** A text that may be a secret of the stack as well. */
export const secretOr = (plain: z.ZodString, allowed: string) =>
    z.union([plain, secureBlock().transform(({ secure }) => secure)], { error: allowed });

/**
 * A setting as the program gets it, where Pulumi has decrypted what was a secret in the stack file: as the file has it,
 * so that one schema fits both.
 */
export function withSecrets(name: string, value: unknown, path: string = name): unknown {
    if (typeof value === "string" && SECRETS.some((secretPath) => secretPath === path)) {
        return { secure: value };
    }
    if (!isBlock(value)) {
        return value;
    }
    return Object.fromEntries(
        Object.entries(value).map(([key, below]) => [key, withSecrets(name, below, `${path}.${key}`)]),
    );
}

/**
 * Faults of secrets in plain text: a stack file is read by everybody who reads the repository. What may be a secret
 * says so itself; whatever else looks like one does not belong there.
 */
export function secretIssues(raw: unknown, path: readonly PropertyKey[] = []): ConfigIssue[] {
    if (Array.isArray(raw)) {
        return raw.flatMap((entry: unknown, i) => secretIssues(entry, [...path, i]));
    }
    if (isBlock(raw)) {
        return Object.entries(raw).flatMap(([key, value]) => secretIssues(value, [...path, key]));
    }
    if (typeof raw !== "string" || SECRETS.some((known) => known === pathText(path))) {
        return [];
    }
    const name = String(path.at(-1));
    // A list of options of java has numbers for keys.
    const secret = typeof path.at(-1) === "number" ? SECRET_OPTION.test(raw) : SECRET_KEY.test(name);
    return secret
        ? [
              {
                  path: pathText(path),
                  message: "is a secret in plain text; take it out, and give out a new one",
              },
          ]
        : [];
}
