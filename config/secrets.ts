import type { Fault } from "./faults.ts";
import { pathText } from "./faults.ts";
import { isBlock } from "./rules.ts";

const SECRET_KEY = /password|passwd|passphrase|credential|jaas/i;
const SECRET_OPTION = /(password|passwd|passphrase|credential|secret)[^=]*=./i;

/**
 * Faults of secrets in plain text: a stack file is read by everybody who reads the repository. Nothing that config
 * may say today is a secret, so whatever looks like one does not belong here.
 */
export function secretFaults(raw: unknown, path: readonly PropertyKey[] = []): Fault[] {
    if (Array.isArray(raw)) return raw.flatMap((entry: unknown, i) => secretFaults(entry, [...path, i]));
    if (isBlock(raw))
        return Object.entries(raw).flatMap(([key, value]) => secretFaults(value, [...path, key]));
    if (typeof raw !== "string") return [];
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
