import { PersistentVolumeClaimPatch } from "@pulumi/kubernetes/core/v1/persistentVolumeClaimPatch.js";
import type * as pulumi from "@pulumi/pulumi";

export interface PersistentVolumeClaimsArgs {
    readonly namespace: pulumi.Input<string>;
    /** Name of the StatefulSet. */
    readonly set: string;
    /** Labels that tell the Project and the set. */
    readonly labels: Record<string, string>;
    readonly replicas: number;
    /** Size of each claim, such as `10Gi`. */
    readonly size: string;
}

/**
 * The sizes of a set's claims. A StatefulSet makes its claims once and never looks at their sizes again, and no field
 * of their template can change, so each claim is grown by itself: in place, while its server runs.
 *
 * They are let go, not reset, when a server or a Project goes: the claims stay as they are.
 */
export function registerClaims(
    name: string,
    args: PersistentVolumeClaimsArgs,
    opts: pulumi.CustomResourceOptions,
): void {
    for (let ordinal = 0; ordinal < args.replicas; ordinal++) {
        new PersistentVolumeClaimPatch(
            `${name}-claim-${ordinal}`,
            {
                metadata: {
                    name: `data-${args.set}-${ordinal}`,
                    namespace: args.namespace,
                    labels: args.labels,
                    annotations: {
                        // The StatefulSet's controller wrote the size first.
                        "pulumi.com/patchForce": "true",
                        // The provider knows when a new claim is ready, but waits for ever on a patched one.
                        "pulumi.com/skipAwait": "true",
                    },
                },
                spec: { resources: { requests: { storage: args.size } } },
            },
            { ...opts, retainOnDelete: true },
        );
    }
}
