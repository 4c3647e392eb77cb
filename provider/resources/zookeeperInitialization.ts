import * as pulumi from "@pulumi/pulumi";
import type { ResourceArgs, Verified } from "./inputs.ts";

export type ZookeeperInitializationInputs = Verified;

export type ZookeeperInitializationArgs = ResourceArgs<ZookeeperInitializationInputs>;

/**
 * Lets the servers of a new ensemble, which has no PVC yet, begin with empty disks. A server with an empty disk does not
 * vote otherwise: it follows a leader until it has all data. Otherwise two such servers of three could elect one of
 * themselves, and all that the third one knows would be lost.
 *
 * The permission is a ConfigMap, from before the first pod until the end of the ensemble's rolling update.
 */
export class ZookeeperInitialization extends pulumi.CustomResource {
    constructor(name: string, args: ZookeeperInitializationArgs, opts?: pulumi.CustomResourceOptions) {
        super("unity:kubernetes:ZookeeperInitialization", name, args, opts);
    }
}
