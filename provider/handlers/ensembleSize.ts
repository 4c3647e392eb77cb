import { diffOf, type ResourceHandler } from "../resourceHandler.ts";
import type { EnsembleSizeInputs } from "../resources/ensembleSize.ts";

/** The steps are in actions/ensemble. */
export const ensembleSize = {
    diff: async (old, inputs, { info }) => {
        const { changes, replaces } = diffOf(old, inputs, { updates: ["servers"], replaces: ["namespace"] });
        if (old.servers !== inputs.servers && replaces.length === 0) {
            info(
                `Project ${inputs.project}: ZooKeeper goes from ${old.servers} to ${inputs.servers} servers in three steps, in each of which its servers restart one by one`,
            );
        }
        if (changes || !inputs.verify) {
            return { changes, replaces };
        }
        // An `up` may have been ended on the way, and config set back. What cannot be found out the update says.
        const { isChanging } = await import("../actions/ensemble/resize.ts");
        return { changes: await isChanging(inputs as EnsembleSizeInputs).catch(() => true), replaces };
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
