import { diffOf, type ResourceHandler } from "../resourceHandler.ts";
import type { ZookeeperInitializationInputs } from "../resources/zookeeperInitialization.ts";

/** The permission of a new ensemble's servers to begin with empty disks. */
export const zookeeperInitialization = {
    diff: async (old, inputs) => {
        const { changes, replaces } = diffOf(old, inputs, { updates: [], replaces: ["namespace"] });
        if (changes || !inputs.verify) {
            return { changes, replaces };
        }
        const { isNew } = await import("../actions/initialization.ts");
        // A namespace that was deleted by hand has a new ensemble. What cannot be found out the update says.
        return { changes: await isNew(inputs as ZookeeperInitializationInputs).catch(() => true), replaces };
    },
    create: async (inputs, context) => {
        const { allowInitialization } = await import("../actions/initialization.ts");
        await allowInitialization(inputs, context);
        return {};
    },
} satisfies ResourceHandler<ZookeeperInitializationInputs>;
