import * as pulumi from "@pulumi/pulumi";
import { withFormerType } from "./formerTypes.ts";
import type { ResourceArgs, ResourceOutputs, Verified } from "./inputs.ts";

export interface RollingUpdateInputs extends Verified {
    /** Name of the StatefulSet, `zookeeper` or `kafka`: each has its own order and conditions of a restart. */
    readonly statefulSet: string;
    /** The StatefulSet's `metadata.generation`: one that another has changed since has a higher one. */
    readonly generation: number;
    /** Digest of the pod template: a change restarts the servers. */
    readonly template: string;
    /** Size of each server's PVC, such as `100Gi`. */
    readonly diskSize: string;
    /** Labels of each PVC besides that of its Project. Default: none. */
    readonly labels?: Readonly<Record<string, string>>;
    readonly replicas: number;
    /** Minutes after which the wait ends. The servers go on by themselves, and so does the next `up`. */
    readonly timeout: number;
}

export interface RollingUpdateOutputs {
    /** Seconds that the last restart of a server took on average; null before the first. */
    readonly secondsPerServer: number | null;
}

export type RollingUpdateArgs = ResourceArgs<RollingUpdateInputs>;

/**
 * The rolling update of a StatefulSet that restarts no pods by itself (`OnDelete`): the servers are restarted in an
 * order and at moments at which neither the quorum nor a partition is lost, and their PVCs are grown. What depends on
 * it waits until every server is updated and Ready. An `up` verifies that even where nothing has changed.
 */
export class RollingUpdate extends pulumi.CustomResource implements ResourceOutputs<RollingUpdateOutputs> {
    declare public readonly secondsPerServer: pulumi.Output<number | null>;

    constructor(name: string, args: RollingUpdateArgs, opts?: pulumi.CustomResourceOptions) {
        const type = "unity:kubernetes:RollingUpdate";
        const outputs = { secondsPerServer: undefined } satisfies Record<
            keyof RollingUpdateOutputs,
            undefined
        >;
        super(type, name, { ...args, ...outputs }, withFormerType(type, opts));
    }
}
