import * as pulumi from "@pulumi/pulumi";
import type { ResourceArgs, Verified } from "./inputs.ts";

export interface ReassignmentInputs extends Verified {
    /** Brokers that there are to be: their ids are 0 to one less. */
    readonly brokers: number;
    /** Replicas of each partition of Kafka's internal topics, of which no resource knows. */
    readonly replicationFactor: number;
    /** Most that each broker sends, and receives, of replicas that move, in bytes a second. */
    readonly throttle: number;
    /** Minutes after the beginning of the `up` at which the wait ends. What moves goes on by itself, and so does the next `up`. */
    readonly timeout: number;
}

export type PartitionReassignmentArgs = ResourceArgs<ReassignmentInputs>;

/**
 * What comes after a StatefulSet of brokers has got another size: all partitions are spread over the brokers, those that
 * came too. One that was ended is gone on with by the next `up`. Where the number of brokers stays, nothing moves.
 */
export class PartitionReassignment extends pulumi.CustomResource {
    constructor(name: string, args: PartitionReassignmentArgs, opts?: pulumi.CustomResourceOptions) {
        super("unity:kafka:PartitionReassignment", name, args, opts);
    }
}
