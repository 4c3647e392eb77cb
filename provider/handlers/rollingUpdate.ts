import { bytes } from "../../common/quantity.ts";
import { differs, diffOf, type Preview, type ResourceHandler } from "../resourceHandler.ts";
import type { RollingUpdateInputs, RollingUpdateOutputs } from "../resources/rollingUpdate.ts";

type Outputs = RollingUpdateOutputs;

/** The order of restarts, and what each of them waits for, is in actions/rolling. */
export const rollingUpdate = {
    formerInputs: { set: "statefulSet" },
    check: (inputs, old) => ({ failures: shrinkFailures(inputs, old) }),
    diff: async (old, inputs, { info, warn }) => {
        const { changes, replaces } = diffOf(old, inputs, {
            updates: ["generation", "template", "diskSize", "labels", "replicas"],
            replaces: ["namespace", "statefulSet"],
        });
        // An older version of the program knew no template: whether it changes is not to be said then.
        if (old.template !== undefined && differs(old, inputs, ["template"])) {
            info(announcement(old, inputs));
        }
        if (!changes && inputs.verify) {
            const { findFailure } = await import("../actions/rolling/verify.ts");
            const failure = await findFailure(inputs as RollingUpdateInputs);
            if (failure !== undefined) {
                warn(failure);
            }
            return { changes: failure !== undefined, replaces };
        }
        return { changes, replaces };
    },
    create: async (inputs, context) => {
        const { roll } = await import("../actions/rolling/roll.ts");
        return roll(inputs, null, context);
    },
    update: async ({ secondsPerServer, labels: former }, inputs, context) => {
        const { roll } = await import("../actions/rolling/roll.ts");
        // An older version of the program had no such output.
        return roll(inputs, secondsPerServer ?? null, context, former);
    },
} satisfies ResourceHandler<RollingUpdateInputs, Outputs>;

function announcement(
    old: Outputs,
    { project, statefulSet, replicas = 0 }: Preview<RollingUpdateInputs>,
): string {
    const seconds = (old.secondsPerServer ?? 0) * replicas;
    const duration = seconds > 0 ? `, ${durationOf(seconds)} in all by the last time` : "";
    return `Project ${project}: the ${replicas} servers of ${statefulSet} restart one by one${duration}`;
}

function durationOf(seconds: number): string {
    return seconds < 90 ? `about ${Math.round(seconds)} s` : `about ${Math.round(seconds / 60)} min`;
}

function shrinkFailures(inputs: Preview<RollingUpdateInputs>, old?: RollingUpdateInputs) {
    // An older version of the program had no size here.
    if (old?.diskSize === undefined || inputs.diskSize === undefined) {
        return [];
    }
    if (bytes(inputs.diskSize) >= bytes(old.diskSize)) {
        return [];
    }
    return [
        {
            property: "diskSize",
            reason: `disk.size of ${inputs.statefulSet} of Project ${inputs.project} is ${old.diskSize} and cannot shrink to ${inputs.diskSize}. Set it to ${old.diskSize} or more.`,
        },
    ];
}
