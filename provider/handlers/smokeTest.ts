import { diffOf, type ResourceHandler } from "../resourceHandler.ts";
import type { SmokeTestInputs, SmokeTestOutputs } from "../resources/smokeTest.ts";

/** A message through a topic with the Project's replication factor and back, and the access of each client. */
export const smokeTest = {
    formerInputs: { minInsync: "minInsyncReplicas" },
    diff: (old, inputs) =>
        diffOf(old, inputs, {
            updates: ["replicationFactor", "minInsyncReplicas", "clients", "revision", "enabled"],
        }),
    create: async (inputs, context) => {
        if (!inputs.enabled) {
            return { latency: null, checkedAt: null };
        }
        const { runSmokeTest } = await import("../actions/smokeTest.ts");
        return runSmokeTest(inputs, context);
    },
} satisfies ResourceHandler<SmokeTestInputs, SmokeTestOutputs>;
