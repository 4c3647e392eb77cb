/** Rules over disruption budgets: a drain or an upgrade takes one pod of a StatefulSet at a time. */

import type { StatefulSetArgs } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import type { PodDisruptionBudgetArgs } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type { StackValidationPolicy } from "@pulumi/policy";
import type { Unwrap } from "@pulumi/pulumi";
import { selects } from "./labels.ts";
import { rulesOf } from "./rule.ts";

const BUDGET = "kubernetes:policy/v1:PodDisruptionBudget";

export const budgetRules = rulesOf<PodDisruptionBudgetArgs>([BUDGET], {
    "budget-one": {
        description: "A disruption budget allows exactly one pod at a time to be disrupted.",
        remediation: "Set maxUnavailable of the budget to 1, and leave out minAvailable.",
        violates: ({ spec }) => spec?.maxUnavailable !== 1 || spec.minAvailable !== undefined,
    },
});

export const everyStatefulSetHasBudget: StackValidationPolicy = {
    name: "statefulset-has-budget",
    description: "Every StatefulSet has a disruption budget.",
    enforcementLevel: "mandatory",
    validateStack: ({ resources }, report) => {
        const budgets = resources
            .filter(({ type }) => type === BUDGET)
            .map(({ props }) => props as Unwrap<PodDisruptionBudgetArgs>);
        for (const { type, props, urn } of resources) {
            if (type !== "kubernetes:apps/v1:StatefulSet") {
                continue;
            }
            const { metadata, spec } = props as Unwrap<StatefulSetArgs>;
            const covered = budgets.some(
                (budget) =>
                    budget.metadata?.namespace === metadata?.namespace &&
                    selects(budget.spec?.selector, spec?.template?.metadata?.labels ?? {}),
            );
            if (!covered) {
                report(
                    `Add a PodDisruptionBudget to namespace ${metadata?.namespace} whose matchLabels select the pods of StatefulSet ${metadata?.name}.`,
                    urn,
                );
            }
        }
    },
};
