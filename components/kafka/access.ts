import * as pulumi from "@pulumi/pulumi";
import type { ComponentConfig } from "../../config/components.ts";
import type { Rights } from "../../kafka/acls.ts";
import type { Place } from "../place.ts";

export interface AccessArgs extends Omit<ComponentConfig, "name"> {
    readonly place: Place;
    /** Name in the certificate of whom the rights are for. */
    readonly principal: string;
    /** Further rights, by Kafka's own words. Default: none. */
    readonly rights?: readonly Rights[];
}

/** All that somebody may do in a Project's Kafka, and how much of it: what is not said here is taken away. */
export class Access extends pulumi.CustomResource {
    constructor(name: string, { place, ...args }: AccessArgs, opts?: pulumi.CustomResourceOptions) {
        super("unity:kafka:Access", name, { ...place, ...args }, opts);
    }
}
