import { StorageClass } from "@pulumi/kubernetes/storage/v1/storageClass.js";
import * as pulumi from "@pulumi/pulumi";
import type { StorageClassConfig } from "../config/environment.ts";
import { INSTANCE_LABELS } from "../config/names.ts";

export interface StorageClassesArgs {
    readonly storageClasses: readonly StorageClassConfig[];
}

/** The storage classes of an environment, from data. All can grow, and wait for the pod to know its zone. */
export class StorageClasses extends pulumi.ComponentResource {
    /** Names of the classes. */
    public readonly names: readonly string[];

    constructor(name: string, args: StorageClassesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("unity-kafka:index:StorageClasses", name, {}, opts);
        for (const storageClass of args.storageClasses) {
            if ("existing" in storageClass) continue;
            const { name: className, provisioner, parameters, reclaimPolicy } = storageClass;
            new StorageClass(
                `${name}-${className}`,
                {
                    metadata: { name: className, labels: INSTANCE_LABELS },
                    provisioner,
                    parameters,
                    reclaimPolicy,
                    volumeBindingMode: "WaitForFirstConsumer",
                    allowVolumeExpansion: true,
                },
                { parent: this },
            );
        }
        this.names = args.storageClasses.map((storageClass) => storageClass.name);
        this.registerOutputs({ names: this.names });
    }
}
