import * as pulumi from "@pulumi/pulumi";
import type * as kafka from "../../common/kafkaTypes.ts";
import type { RetentionDefaults } from "../../common/messageLoss.ts";
import type { InNamespace, ResourceArgs } from "./inputs.ts";

export interface TopicInputs extends InNamespace, Omit<kafka.Topic, "name"> {
    /** Name of the topic. */
    readonly topic: string;
    /** Name of the Project, for messages. */
    readonly project: string;
    /** What applies where `config` has none of these settings. The state of an older version has none. */
    readonly defaults?: RetentionDefaults;
    /** Whether config allows a change to delete messages, and to take over a topic that is another's. */
    readonly allowDestroy: boolean;
}

export type TopicArgs = ResourceArgs<TopicInputs>;

/**
 * A topic. More partitions, other settings and another replication factor are changes in place; fewer partitions are
 * an error of the preview, and so is a change that deletes messages, unless `allowDestroy` is set. A topic that exists
 * already is taken over where it is as config says, otherwise with `allowDestroy` only.
 */
export class Topic extends pulumi.CustomResource {
    constructor(name: string, args: TopicArgs, opts?: pulumi.CustomResourceOptions) {
        super("unity:kafka:Topic", name, args, opts);
    }
}
