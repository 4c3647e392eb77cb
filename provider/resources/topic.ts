import * as pulumi from "@pulumi/pulumi";
import type * as kafka from "../../common/kafkaTypes.ts";
import type { InNamespace, ResourceArgs } from "./inputs.ts";

export interface TopicInputs extends InNamespace, Omit<kafka.Topic, "name"> {
    /** Name of the topic. */
    readonly topic: string;
}

export type TopicArgs = ResourceArgs<TopicInputs>;

/**
 * A topic. More partitions, other settings and another replication factor are changes in place; fewer partitions are
 * an error of the preview. A topic that exists already is adopted.
 */
export class Topic extends pulumi.CustomResource {
    constructor(name: string, args: TopicArgs, opts?: pulumi.CustomResourceOptions) {
        super("unity:kafka:Topic", name, args, opts);
    }
}
