import * as pulumi from "@pulumi/pulumi";
import type { NamespaceRef } from "../../components/kubernetes/namespaceRef.ts";

export interface RollingUpdateArgs {
    readonly place: NamespaceRef;
    /** Name of the StatefulSet. */
    readonly set: string;
    /** Which of its changes is waited for. */
    readonly generation: pulumi.Input<number>;
}

/** The end of a StatefulSet's rolling update: whatever depends on it waits until every server is new and Ready. */
export class RollingUpdate extends pulumi.CustomResource {
    constructor(name: string, { place, ...args }: RollingUpdateArgs, opts?: pulumi.CustomResourceOptions) {
        super("unity:kubernetes:Rollout", name, { ...place, ...args }, opts);
    }
}
