import * as pulumi from "@pulumi/pulumi";
import type { Permissions } from "../../kafka/admin/acls.ts";
import { withFormerType } from "./formerTypes.ts";
import type { InNamespace, ResourceArgs, ResourceOutputs } from "./inputs.ts";

/** A client whose access is tested. */
export interface SmokeTestClient extends Permissions {
    /** Name in its certificate. */
    readonly principal: string;
    /** Name of the Secret with its certificate. */
    readonly secret: string;
    /** Namespace of that Secret. */
    readonly namespace: string;
}

export interface SmokeTestInputs extends InNamespace {
    /** Replicas of each message of the test, as of the Project's own. */
    readonly replicationFactor: number;
    /** Replicas that must be in sync before a message is acknowledged. */
    readonly minInsyncReplicas: number;
    /** The Project's components, and its bridge. */
    readonly clients: readonly SmokeTestClient[];
    /** What is deployed: the test runs again only when this changes. */
    readonly revision: string;
    /** Whether the test runs at all. */
    readonly enabled: boolean;
}

export interface SmokeTestOutputs {
    /** Milliseconds from sending one message to its consumption; null where the test did not run or could not read. */
    readonly latency: number | null;
    /** Time of the test, ISO 8601; null where it did not run. */
    readonly checkedAt: string | null;
}

export type SmokeTestArgs = ResourceArgs<SmokeTestInputs>;

/**
 * The proof that a Project works: an `up` fails where a message does not go through it, or a client is allowed more or
 * less than config says. It is created last of a Project's resources and deleted first: where the deletion guard refuses
 * that, nothing else has been deleted yet.
 */
export class SmokeTest extends pulumi.CustomResource implements ResourceOutputs<SmokeTestOutputs> {
    declare public readonly latency: pulumi.Output<number | null>;
    declare public readonly checkedAt: pulumi.Output<string | null>;

    constructor(name: string, args: SmokeTestArgs, opts?: pulumi.CustomResourceOptions) {
        const type = "unity:kafka:SmokeTest";
        const outputs = { latency: undefined, checkedAt: undefined } satisfies Record<
            keyof SmokeTestOutputs,
            undefined
        >;
        super(type, name, { ...args, ...outputs }, withFormerType(type, opts));
    }
}
