import * as pulumi from "@pulumi/pulumi";
import type { InNamespace, ResourceArgs } from "./inputs.ts";

export interface KafkaUsersInputs extends InNamespace {
    /** Principals that have ACLs and quotas by config. */
    readonly users: readonly string[];
    /** Principals that all brokers allow everything, without an ACL. */
    readonly superUsers: readonly string[];
}

export type KafkaUsersArgs = ResourceArgs<KafkaUsersInputs>;

/**
 * All principals of a Project's Kafka: the ACLs and quotas of any other are deleted, such as those of a key that was
 * replaced. Pulumi would do that at the end of an `up`, and not at all where anything else has failed.
 */
export class KafkaUsers extends pulumi.CustomResource {
    constructor(name: string, args: KafkaUsersArgs, opts?: pulumi.CustomResourceOptions) {
        super("unity:kafka:Users", name, args, opts);
    }
}
