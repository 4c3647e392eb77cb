import { diffOf, type ResourceHandler, verifiedDiff } from "../resourceHandler.ts";
import type { EnsembleSizeInputs } from "../resources/ensembleSize.ts";

/** The steps are in actions/ensemble. */
export const ensembleSize = {
    diff: async (old, inputs, { info }) => {
        const found = diffOf(old, inputs, { updates: ["servers"], replaces: ["namespace"] });
        if (old.servers !== inputs.servers && found.replaces.length === 0) {
            info(
                `Project ${inputs.project}: ZooKeeper goes from ${old.servers} to ${inputs.servers} servers in three steps, in each of which its servers restart one by one`,
            );
        }
        return verifiedDiff(found, inputs.verify, async () => {
            // An `up` may have been ended on the way, and config set back.
            const { isChanging } = await import("../actions/ensemble/resize.ts");
            return isChanging(inputs as EnsembleSizeInputs);
        });
    },
    create: async (inputs, context) => {
        const { resize } = await import("../actions/ensemble/resize.ts");
        await resize(inputs, inputs.servers, context);
        return {};
    },
    update: async ({ servers: former }, inputs, context) => {
        const { resize } = await import("../actions/ensemble/resize.ts");
        await resize(inputs, former, context);
        return {};
    },
} satisfies ResourceHandler<EnsembleSizeInputs>;
