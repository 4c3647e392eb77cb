import { diffOf, type ResourceHandler, verifiedDiff } from "../resourceHandler.ts";
import type { ZookeeperInitializationInputs } from "../resources/zookeeperInitialization.ts";

/** The permission of a new ensemble's servers to begin with empty disks. */
export const zookeeperInitialization = {
    diff: (old, inputs) =>
        verifiedDiff(
            diffOf(old, inputs, { updates: [], replaces: ["namespace"] }),
            inputs.verify,
            async () => {
                const { isNew } = await import("../actions/initialization.ts");
                // A namespace that was deleted by hand has a new ensemble.
                return isNew(inputs as ZookeeperInitializationInputs);
            },
        ),
    create: async (inputs, context) => {
        const { allowInitialization } = await import("../actions/initialization.ts");
        await allowInitialization(inputs, context);
        return {};
    },
} satisfies ResourceHandler<ZookeeperInitializationInputs>;
