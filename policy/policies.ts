/** Every rule of the pack. */
import type { Policies } from "@pulumi/policy";
import { accountRules, grantRules, roleRules } from "./access.ts";
import { clusterRules } from "./cluster.ts";
import { budgetRules, everyStatefulSetHasBudget } from "./disruption.ts";
import { namespaceRules } from "./namespaces.ts";
import { everyNamespaceDenies } from "./network.ts";
import { nodePoolRules } from "./nodePools.ts";
import { podSecurityRules } from "./podSecurity.ts";
import { podRules } from "./pods.ts";
import { serviceRules } from "./services.ts";
import { statefulSetRules } from "./statefulSets.ts";
import { storageRules } from "./storage.ts";

export const policies: Policies = [
    ...namespaceRules,
    everyNamespaceDenies,
    ...podSecurityRules,
    ...podRules,
    ...statefulSetRules,
    ...budgetRules,
    everyStatefulSetHasBudget,
    ...serviceRules,
    ...storageRules,
    ...accountRules,
    ...roleRules,
    ...grantRules,
    ...clusterRules,
    ...nodePoolRules,
];
