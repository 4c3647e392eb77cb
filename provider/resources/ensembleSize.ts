import * as pulumi from "@pulumi/pulumi";
import type { InNamespace, ResourceArgs } from "./inputs.ts";

export interface EnsembleSizeInputs extends InNamespace {
    /** Name of the Project, for messages. */
    readonly project: string;
    /** Servers of the ensemble, 3 or 5. */
    readonly servers: number;
    /** Minutes after which the wait ends. The servers go on by themselves, and so does the next `up`. */
    readonly timeout: number;
    /** Whether the servers are looked at even where nothing has changed: in an `up`, not in a preview. */
    readonly verify: boolean;
}

export type EnsembleSizeArgs = ResourceArgs<EnsembleSizeInputs>;

/**
 * The number of servers of an ensemble that runs. It takes them so far that the list of members of the StatefulSet, which
 * comes after it, may be their next: servers that restart with another list at a time when some have a former one could
 * elect two leaders.
 */
export class EnsembleSize extends pulumi.CustomResource {
    constructor(name: string, args: EnsembleSizeArgs, opts?: pulumi.CustomResourceOptions) {
        super("unity:kubernetes:EnsembleSize", name, args, opts);
    }
}
