import * as pulumi from "@pulumi/pulumi";
import type { NamespaceRef } from "../../components/kubernetes/namespaceRef.ts";
import type { ComponentConfig } from "../../config/schema/components.ts";
import type { AclRule } from "../../kafka/admin/acls.ts";

export interface KafkaUserArgs extends Omit<ComponentConfig, "name"> {
    readonly place: NamespaceRef;
    /** Name in the certificate of whom the rights are for. */
    readonly principal: string;
    /** Further rights, by Kafka's own words. Default: none. */
    readonly rights?: readonly AclRule[];
}

/** All that somebody may do in a Project's Kafka, and how much of it: what is not said here is taken away. */
export class KafkaUser extends pulumi.CustomResource {
    constructor(name: string, { place, ...args }: KafkaUserArgs, opts?: pulumi.CustomResourceOptions) {
        super("unity:kafka:Access", name, { ...place, ...args }, opts);
    }
}
