import * as pulumi from "@pulumi/pulumi";
import type { NamespaceRef } from "../../components/kubernetes/namespaceRef.ts";

export interface SmokeTestArgs {
    readonly place: NamespaceRef;
    /** Copies of each message of the check, as of the Project's own. */
    readonly replicationFactor: number;
    readonly minInsync: number;
    /** What is deployed: the check is made again only when this changes. */
    readonly revision: pulumi.Input<string>;
    /** Whether it is made at all. */
    readonly enabled: boolean;
}

/** The outcome of a check. */
export interface SmokeCheckOutcome {
    /** Milliseconds of one message, there with all copies and back; null where config leaves the check out. */
    readonly latency: number | null;
    /** ISO 8601. */
    readonly checkedAt: string | null;
}

/**
 * The proof that a Project works: an `up` fails where a message does not go through it. The last of a Project's
 * resources to be made, it is the first that would go: where the guard keeps the Project, nothing else has gone yet.
 */
export class SmokeTest extends pulumi.CustomResource {
    declare public readonly latency: pulumi.Output<number | null>;
    declare public readonly checkedAt: pulumi.Output<string | null>;

    constructor(name: string, { place, ...args }: SmokeTestArgs, opts?: pulumi.CustomResourceOptions) {
        super(
            "unity:kafka:SmokeCheck",
            name,
            { ...place, ...args, latency: undefined, checkedAt: undefined },
            opts,
        );
    }
}
