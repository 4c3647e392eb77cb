import { StorageClass } from "@pulumi/kubernetes/storage/v1/storageClass.js";
import * as pulumi from "@pulumi/pulumi";
import { googleLabels } from "../../common/google/labels.ts";
import { INSTANCE_LABELS } from "../../common/names.ts";
import {
    type GoogleDiskClass,
    isGoogleDisk,
    type StorageClassConfig,
} from "../../config/schema/storageClasses.ts";

export interface StorageClassesArgs {
    readonly storageClasses: readonly StorageClassConfig[];
    /** Labels of config's; Google's disks get those that Google accepts. */
    readonly labels: Readonly<Record<string, string>>;
}

/** The driver of Google's Persistent Disks and Hyperdisks, which GKE installs. */
const GOOGLE_PROVISIONER = "pd.csi.storage.gke.io";

/** Parameters of {@link GOOGLE_PROVISIONER}, by the names in its documentation. */
function googleParameters(
    { disk, iops, throughput, encryptionKey }: GoogleDiskClass,
    labels: StorageClassesArgs["labels"],
): Record<string, string> {
    const diskLabels = Object.entries(googleLabels(labels) ?? {}).map((label) => label.join("="));
    return {
        type: disk,
        ...(iops !== undefined && { "provisioned-iops-on-create": String(iops) }),
        ...(throughput !== undefined && { "provisioned-throughput-on-create": `${throughput}Mi` }),
        ...(diskLabels.length > 0 && { labels: diskLabels.join() }),
        ...(encryptionKey !== undefined && { "disk-encryption-kms-key": encryptionKey }),
    };
}

/** The storage classes of an environment. Their volumes can grow, and are created in the zone of their pod. */
export class StorageClasses extends pulumi.ComponentResource {
    constructor(name: string, args: StorageClassesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("unity-kafka:index:StorageClasses", name, {}, opts);
        for (const storageClass of args.storageClasses) {
            if ("existing" in storageClass) {
                continue;
            }
            const { provisioner, parameters } = isGoogleDisk(storageClass)
                ? { provisioner: GOOGLE_PROVISIONER, parameters: googleParameters(storageClass, args.labels) }
                : storageClass;
            new StorageClass(
                `${name}-${storageClass.name}`,
                {
                    metadata: { name: storageClass.name, labels: INSTANCE_LABELS },
                    provisioner,
                    parameters,
                    reclaimPolicy: storageClass.reclaimPolicy,
                    volumeBindingMode: "WaitForFirstConsumer",
                    allowVolumeExpansion: true,
                },
                { parent: this },
            );
        }
        this.registerOutputs({});
    }
}
