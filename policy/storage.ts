/** Rules over storage classes. */
import type { StorageClassArgs } from "@pulumi/kubernetes/storage/v1/storageClass.js";
import { rulesOf } from "./rule.ts";

export const storageRules = rulesOf<StorageClassArgs>(["kubernetes:storage.k8s.io/v1:StorageClass"], {
    "storage-waits-for-pod": {
        description: "A disk is created in the zone that its pod was scheduled to.",
        remediation:
            "Set volumeBindingMode to WaitForFirstConsumer: otherwise disks decide where pods can run.",
        violates: ({ volumeBindingMode }) => volumeBindingMode !== "WaitForFirstConsumer",
    },
    "storage-can-grow": {
        description: "Disks can be expanded while they are in use.",
        remediation: "Set allowVolumeExpansion to true.",
        violates: ({ allowVolumeExpansion }) => allowVolumeExpansion !== true,
    },
    "storage-retained": {
        description: "A disk outlives its PVC.",
        remediation: "Set reclaimPolicy to Retain wherever data matters: with Delete it goes with the PVC.",
        advisory: true,
        violates: ({ reclaimPolicy }) => reclaimPolicy !== "Retain",
    },
});
