import * as pulumi from "@pulumi/pulumi";
import type { Topic as TopicConfig } from "../../common/kafkaTypes.ts";
import type { NamespaceRef } from "../../components/kubernetes/namespaceRef.ts";

export interface TopicArgs {
    readonly place: NamespaceRef;
    readonly topic: TopicConfig;
}

/**
 * A topic. More partitions, other settings and another number of copies are carried out in place; fewer partitions are
 * a fault of the preview. One that is there already is taken over.
 */
export class Topic extends pulumi.CustomResource {
    constructor(
        resourceName: string,
        { place, topic: { name, ...topic } }: TopicArgs,
        opts?: pulumi.CustomResourceOptions,
    ) {
        super("unity:kafka:Topic", resourceName, { ...place, topic: name, ...topic }, opts);
    }
}
