import type { CheckFailure } from "@pulumi/pulumi/provider/provider.js";
import { clientOf, keyOf } from "../../common/names.ts";

/**
 * A former key must not become valid again: somebody else may have it.
 *
 * @param setting what sets the key in config
 * @param principal undefined where it is not known
 */
export function keyFailures(
    setting: string,
    principal: string | undefined,
    old: string | undefined,
): CheckFailure[] {
    if (principal === undefined || old === undefined || keyOf(principal) >= keyOf(old)) {
        return [];
    }
    const key = keyOf(old);
    return [
        {
            property: "principal",
            reason: `${setting} of ${clientOf(old)} is ${key} and cannot become ${keyOf(principal)}: a former key would be valid again. Set it to ${key}, or to ${key + 1} for another key`,
        },
    ];
}
