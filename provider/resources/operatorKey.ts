import * as pulumi from "@pulumi/pulumi";
import type { InNamespace, ResourceArgs } from "./inputs.ts";

export interface OperatorKeyInputs extends InNamespace {
    /** Common name of the operator's certificate. */
    readonly principal: string;
}

export type OperatorKeyArgs = ResourceArgs<OperatorKeyInputs>;

/**
 * The operator's key in a Kafka that runs. A broker knows its super users from its start on, so that during a rolling
 * update some brokers know the operator by its former key only, and some by the next one only, and a user that a broker
 * does not know is told of no topic, without an error. The next key therefore gets ACLs for everything before anybody
 * uses it, which every broker knows at once; `KafkaUsers` deletes them after the rolling update.
 */
export class OperatorKey extends pulumi.CustomResource {
    constructor(name: string, args: OperatorKeyArgs, opts?: pulumi.CustomResourceOptions) {
        super("unity:kafka:OperatorKey", name, args, opts);
    }
}
