import type * as pulumi from "@pulumi/pulumi";
// The provider loads this file too, and the whole SDK would cost it a second of its start.
import { output } from "@pulumi/pulumi/output.js";

/** Former name of each renamed type: deployments have it in their state until their next `up`. */
export const FORMER_TYPES = {
    "unity:tls:RootCertificate": "unity:tls:Authority",
    "unity:kubernetes:RollingUpdate": "unity:kubernetes:Rollout",
    "unity:kafka:User": "unity:kafka:Access",
    "unity:kafka:SmokeTest": "unity:kafka:SmokeCheck",
} as const;

export type RenamedType = keyof typeof FORMER_TYPES;

/**
 * Options that let the engine find a resource in a state that has its former type. An alias matches only with type,
 * name and parent together, so each alias that the caller gives is there with the former type too.
 */
export function withFormerType(
    type: RenamedType,
    opts: pulumi.CustomResourceOptions = {},
): pulumi.CustomResourceOptions {
    const former = FORMER_TYPES[type];
    const given = opts.aliases ?? [];
    const retyped = given.map((alias) =>
        output(alias)
            // A URN and an alias with a type of its own say which type they mean.
            .apply((plain) => (typeof plain === "string" ? plain : { type: former, ...plain })),
    );
    return { ...opts, aliases: [{ type: former }, ...given, ...retyped] };
}
