import * as pulumi from "@pulumi/pulumi";
import type { InNamespace, ResourceArgs } from "./inputs.ts";

export interface BrokerConfigInputs extends InNamespace {
    /** By Kafka's names; only settings whose update mode is cluster-wide. */
    readonly config: Readonly<Record<string, string>>;
}

export type BrokerConfigArgs = ResourceArgs<BrokerConfigInputs>;

/**
 * The settings that all brokers of a Project take while they run: none of them restarts. They are Kafka's cluster-wide
 * dynamic ones. Any others that were set so are deleted, but for limits of a reassignment.
 */
export class BrokerConfig extends pulumi.CustomResource {
    constructor(name: string, args: BrokerConfigArgs, opts?: pulumi.CustomResourceOptions) {
        super("unity:kafka:BrokerConfig", name, args, opts);
    }
}
