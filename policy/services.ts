/** Rules over services: nothing of a Project is reachable from outside its Kubernetes cluster. */
import type { ServiceArgs } from "@pulumi/kubernetes/core/v1/service.js";
import { rulesOf } from "./rule.ts";

export const serviceRules = rulesOf<ServiceArgs>(["kubernetes:core/v1:Service"], {
    "service-inside": {
        description: "No service opens a port to the outside.",
        remediation:
            "Leave out type and externalIPs of the service, which makes it a ClusterIP; `unity` reaches a Project through the Kubernetes API.",
        violates: ({ spec }) =>
            (spec?.type ?? "ClusterIP") !== "ClusterIP" || (spec?.externalIPs ?? []).length > 0,
    },
});
