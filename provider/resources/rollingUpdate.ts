import * as pulumi from "@pulumi/pulumi";
import { withFormerType } from "./formerTypes.ts";
import type { InNamespace, ResourceArgs } from "./inputs.ts";

export interface RollingUpdateInputs extends InNamespace {
    /** Name of the StatefulSet. */
    readonly statefulSet: string;
    /** The change to wait for, as Kubernetes counts them in `metadata.generation`. */
    readonly generation: number;
}

export type RollingUpdateArgs = ResourceArgs<RollingUpdateInputs>;

/** The end of a StatefulSet's rolling update: what depends on it waits until every server is updated and Ready. */
export class RollingUpdate extends pulumi.CustomResource {
    constructor(name: string, args: RollingUpdateArgs, opts?: pulumi.CustomResourceOptions) {
        const type = "unity:kubernetes:RollingUpdate";
        super(type, name, args, withFormerType(type, opts));
    }
}
