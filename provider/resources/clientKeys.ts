import * as pulumi from "@pulumi/pulumi";
import type { InNamespace, ResourceArgs } from "./inputs.ts";

/** A client that config names, whichever its key. */
export interface Client {
    readonly name: string;
    /** Its Secrets, as `NAMESPACE/NAME`. */
    readonly secrets: readonly string[];
}

export interface ClientKeysInputs extends InNamespace {
    /** Name of the Project. */
    readonly project: string;
    readonly clients: readonly Client[];
}

export type ClientKeysArgs = ResourceArgs<Omit<ClientKeysInputs, "clients">> &
    Pick<ClientKeysInputs, "clients">;

/**
 * The clients of a Project. One that has left config loses its Secrets, ACLs and quotas at once: nothing that fails
 * later in an `up`, such as a rolling update, keeps them.
 */
export class ClientKeys extends pulumi.CustomResource {
    constructor(name: string, args: ClientKeysArgs, opts?: pulumi.CustomResourceOptions) {
        super("unity:kafka:ClientKeys", name, args, opts);
    }
}
