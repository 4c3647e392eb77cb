import * as pulumi from "@pulumi/pulumi";
import type { ResourceArgs, Verified } from "./inputs.ts";

export interface EnsembleSizeInputs extends Verified {
    /** Servers of the ensemble, 3 or 5. */
    readonly servers: number;
    /** Minutes after which the wait ends. The servers go on by themselves, and so does the next `up`. */
    readonly timeout: number;
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
