/** Rules over sets of servers: where they run, how they roll, and what becomes of their data. */
import type { StatefulSetArgs } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { selects } from "./labels.ts";
import { rulesOf } from "./rule.ts";

export const statefulSetRules = rulesOf<StatefulSetArgs>(["kubernetes:apps/v1:StatefulSet"], {
    "set-one-per-host": {
        description: "No host takes two servers of a set.",
        fix: "Require podAntiAffinity to the set's own labels with topologyKey kubernetes.io/hostname.",
        broken: ({ spec }) => {
            const { metadata, spec: pod } = spec?.template ?? {};
            const terms =
                pod?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
            return !terms.some(
                ({ topologyKey, labelSelector }) =>
                    topologyKey === "kubernetes.io/hostname" &&
                    selects(labelSelector, metadata?.labels ?? {}),
            );
        },
    },
    "set-claims-retained": {
        description: "Claims, and with them the data, outlive their set and its servers.",
        fix: "Set persistentVolumeClaimRetentionPolicy to {whenDeleted: Retain, whenScaled: Retain}.",
        broken: ({ spec }) => {
            const { whenDeleted, whenScaled } = spec?.persistentVolumeClaimRetentionPolicy ?? {};
            return whenDeleted !== "Retain" || whenScaled !== "Retain";
        },
    },
    "set-storage-class": {
        description: "Every claim names its storage class.",
        fix: "Set storageClassName of each claim: the cluster's default may delete data with the claim.",
        broken: ({ spec }) =>
            (spec?.volumeClaimTemplates ?? []).some((claim) => !claim.spec?.storageClassName),
    },
    "set-rolls-one-by-one": {
        description: "A change takes one server of a set at a time, and all of them in the end.",
        fix: "Set updateStrategy to {type: RollingUpdate}, without partition, and maxUnavailable 1 if at all.",
        broken: ({ spec }) => {
            const { type, rollingUpdate = {} } = spec?.updateStrategy ?? {};
            return (
                type !== "RollingUpdate" ||
                (rollingUpdate.maxUnavailable ?? 1) !== 1 ||
                (rollingUpdate.partition ?? 0) !== 0
            );
        },
    },
});
