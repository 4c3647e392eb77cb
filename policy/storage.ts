/** Rules over storage classes. */
import type { StorageClassArgs } from "@pulumi/kubernetes/storage/v1/storageClass.js";
import { rulesOf } from "./rule.ts";

export const storageRules = rulesOf<StorageClassArgs>(["kubernetes:storage.k8s.io/v1:StorageClass"], {
    "storage-waits-for-pod": {
        description: "A disk is made in the zone that its pod was placed in.",
        fix: "Set volumeBindingMode to WaitForFirstConsumer: otherwise disks decide where pods can run.",
        broken: ({ volumeBindingMode }) => volumeBindingMode !== "WaitForFirstConsumer",
    },
    "storage-can-grow": {
        description: "Disks can grow while they are used.",
        fix: "Set allowVolumeExpansion to true.",
        broken: ({ allowVolumeExpansion }) => allowVolumeExpansion !== true,
    },
    "storage-retained": {
        description: "A disk outlives its claim.",
        fix: "Set reclaimPolicy to Retain wherever data matter: with Delete they go with the claim.",
        advisory: true,
        broken: ({ reclaimPolicy }) => reclaimPolicy !== "Retain",
    },
});
