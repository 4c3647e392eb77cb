import { withApiDefaults } from "../networkPolicySpec.ts";
import { diffOf, type ResourceHandler } from "../resourceHandler.ts";
import type { NetworkPolicySpecsInputs } from "../resources/networkPolicySpecs.ts";

/** The specs of a namespace's NetworkPolicies: all of their rules, also those that config does not name. */
export const networkPolicySpecs = {
    // In the form of the API, so that a refresh shows nothing but what was changed.
    check: ({ policies = {} }) => ({ inputs: { policies: inApiForm(policies) }, failures: [] }),
    diff: (old, inputs) => diffOf(old, inputs, { updates: ["cluster", "policies"], replaces: ["namespace"] }),
    create: async (inputs, context) => {
        const { restorePolicies } = await import("../actions/networkPolicies.ts");
        await restorePolicies(inputs, context);
        return {};
    },
    read: async (state, context) => {
        const { readPolicies } = await import("../actions/networkPolicies.ts");
        return readPolicies(state, context);
    },
} satisfies ResourceHandler<NetworkPolicySpecsInputs>;

function inApiForm(policies: NetworkPolicySpecsInputs["policies"]): NetworkPolicySpecsInputs["policies"] {
    return Object.fromEntries(Object.entries(policies).map(([name, spec]) => [name, withApiDefaults(spec)]));
}
