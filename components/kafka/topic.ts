import * as pulumi from "@pulumi/pulumi";
import type { TopicConfig } from "../../config/topics.ts";
import type { Place } from "../place.ts";

export interface TopicArgs {
    readonly place: Place;
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
