/** Rules over disruption budgets: a drain or an upgrade takes one pod of a StatefulSet at a time. */

import type { StatefulSetArgs } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import type { PodDisruptionBudgetArgs } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type { Unwrap } from "@pulumi/pulumi";
import { selects } from "./labels.ts";
import { rulesOf } from "./rule.ts";
import { stackRule } from "./stackRule.ts";
import { forEachKnown, mayHold, valueOr } from "./unknown.ts";

const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
const BUDGET = "kubernetes:policy/v1:PodDisruptionBudget";

export const budgetRules = rulesOf<PodDisruptionBudgetArgs>([BUDGET], {
    "budget-one": {
        description: "A disruption budget allows exactly one pod at a time to be disrupted.",
        remediation: "Set maxUnavailable of the budget to 1, and leave out minAvailable.",
        violates: ({ spec }) => spec?.maxUnavailable !== 1 || spec.minAvailable !== undefined,
    },
});

export const everyStatefulSetHasBudget = stackRule(
    {
        name: "statefulset-has-budget",
        description: "Every StatefulSet has a disruption budget.",
        types: [STATEFUL_SET, BUDGET],
    },
    (resources, report) => {
        const budgets = resources
            .filter(({ type }) => type === BUDGET)
            .map(({ props }) => props as Unwrap<PodDisruptionBudgetArgs>);
        const sets = resources.filter(({ type }) => type === STATEFUL_SET);
        forEachKnown(sets, ({ props, urn }) => {
            const { metadata, spec } = props as Unwrap<StatefulSetArgs>;
            const covered = budgets.some((budget) =>
                mayHold(
                    () => budget.metadata?.namespace === metadata?.namespace,
                    () => selects(budget.spec?.selector, spec?.template?.metadata?.labels ?? {}),
                ),
            );
            if (!covered) {
                const namespace = valueOr("not known yet", () => metadata?.namespace);
                const name = valueOr("not known yet", () => metadata?.name);
                report(
                    `Add a PodDisruptionBudget to namespace ${namespace} whose matchLabels select the pods of StatefulSet ${name}.`,
                    urn,
                );
            }
        });
    },
);
