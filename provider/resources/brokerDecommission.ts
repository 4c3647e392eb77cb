import * as pulumi from "@pulumi/pulumi";
import type { ResourceArgs } from "./inputs.ts";
import type { ReassignmentInputs } from "./partitionReassignment.ts";

export type BrokerDecommissionArgs = ResourceArgs<ReassignmentInputs>;

/**
 * What comes before a StatefulSet of brokers gets another size: brokers that are to leave are emptied, so that no replica
 * goes with them. A refresh tells the number of brokers that there are. What cannot be emptied is an error of the preview,
 * where that reaches Kafka, and of the `up` before it changes anything.
 */
export class BrokerDecommission extends pulumi.CustomResource {
    constructor(name: string, args: BrokerDecommissionArgs, opts?: pulumi.CustomResourceOptions) {
        super("unity:kafka:BrokerDecommission", name, args, opts);
    }
}
