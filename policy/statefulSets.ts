/** Rules over StatefulSets: where their pods run, how they roll, and that their data is kept. */
import type { StatefulSetArgs } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { selects } from "./labels.ts";
import { rulesOf } from "./rule.ts";
import { someKnown } from "./unknown.ts";

export const statefulSetRules = rulesOf<StatefulSetArgs>(["kubernetes:apps/v1:StatefulSet"], {
    "statefulset-one-per-host": {
        description: "No host runs two pods of a StatefulSet.",
        remediation:
            "Require podAntiAffinity to the pods' own labels with topologyKey kubernetes.io/hostname.",
        violates: ({ spec }) => {
            const { metadata, spec: pod } = spec?.template ?? {};
            const terms =
                pod?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
            return !someKnown(
                terms,
                ({ topologyKey, labelSelector }) =>
                    topologyKey === "kubernetes.io/hostname" &&
                    selects(labelSelector, metadata?.labels ?? {}),
            );
        },
    },
    "statefulset-pvcs-retained": {
        description: "PVCs, and with them the data, outlive their StatefulSet and its pods.",
        remediation: "Set persistentVolumeClaimRetentionPolicy to {whenDeleted: Retain, whenScaled: Retain}.",
        violates: ({ spec }) => {
            const { whenDeleted, whenScaled } = spec?.persistentVolumeClaimRetentionPolicy ?? {};
            return whenDeleted !== "Retain" || whenScaled !== "Retain";
        },
    },
    "statefulset-storage-class": {
        description: "Every PVC names its storage class.",
        remediation:
            "Set storageClassName of each PVC: the cluster's default may delete the data with the PVC.",
        violates: ({ spec }) =>
            someKnown(spec?.volumeClaimTemplates ?? [], (pvc) => !pvc.spec?.storageClassName),
    },
    "statefulset-rolls-one-by-one": {
        description: "A change restarts a server only where neither the quorum nor a partition needs it.",
        remediation:
            "Set updateStrategy to {type: OnDelete}: the rolling update of this program restarts the pods, Kubernetes knows nothing of replicas.",
        violates: ({ spec }) => spec?.updateStrategy?.type !== "OnDelete",
    },
});
