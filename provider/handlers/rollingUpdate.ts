import { diffOf, type ResourceHandler } from "../resourceHandler.ts";
import type { RollingUpdateInputs } from "../resources/rollingUpdate.ts";

/**
 * Pulumi's own provider compares no generations: it takes a StatefulSet for updated before Kubernetes has begun.
 */
export const rollingUpdate: ResourceHandler<RollingUpdateInputs> = {
    formerInputs: { set: "statefulSet" },
    diff: (old, inputs) =>
        diffOf(old, inputs, { updates: ["generation"], replaces: ["namespace", "statefulSet"] }),
    create: async (inputs) => {
        const { waitUntilRolledOut } = await import("../actions/rollingUpdate.ts");
        await waitUntilRolledOut(inputs);
        return {};
    },
};
