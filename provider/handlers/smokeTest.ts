import { diffOf, type ResourceHandler } from "../resourceHandler.ts";
import type { SmokeTestInputs, SmokeTestOutputs } from "../resources/smokeTest.ts";

/** A message through a topic with the Project's replication factor and back, as a client with a certificate. */
export const smokeTest = {
    formerInputs: { minInsync: "minInsyncReplicas" },
    diff: (old, inputs) =>
        diffOf(old, inputs, { updates: ["replicationFactor", "minInsyncReplicas", "revision", "enabled"] }),
    create: async (inputs) => {
        if (!inputs.enabled) {
            return { latency: null, checkedAt: null };
        }
        const { runSmokeTest } = await import("../actions/smokeTest.ts");
        return runSmokeTest(inputs);
    },
} satisfies ResourceHandler<SmokeTestInputs, SmokeTestOutputs>;
