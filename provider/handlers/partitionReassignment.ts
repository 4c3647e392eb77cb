import type { InKafka } from "../kafkaConnection.ts";
import { diffOf, type ResourceHandler, verifiedDiff } from "../resourceHandler.ts";
import type { ReassignmentInputs } from "../resources/partitionReassignment.ts";
import { atMost, type BrokerState, inKubernetes } from "./brokerDecommission.ts";

/** The order of moves, and what each of them waits for, is in actions/reassignment. */
export const partitionReassignment = (
    inKafka: InKafka,
    state: () => Promise<BrokerState> = inKubernetes,
    interval?: number,
) => {
    const spread: ResourceHandler<ReassignmentInputs>["create"] = async (inputs, context) => {
        const { spreadPartitions } = await import("../actions/reassignment/brokers.ts");
        await spreadPartitions({ inputs, inKafka, context, ...(interval !== undefined && { interval }) });
        await (await state()).endReassignment(inputs);
        return {};
    };
    const isPending = async (inputs: ReassignmentInputs) => (await state()).isReassignmentPending(inputs);
    return {
        diff: async (old, inputs, { info }) => {
            const { brokers = old.brokers, project, throttle, verify } = inputs;
            if (brokers > old.brokers) {
                info(
                    `Project ${project}: replicas move onto the new brokers once these are up, ${atMost(throttle)}`,
                );
            }
            const found = diffOf(old, inputs, { updates: ["cluster", "brokers"], replaces: ["namespace"] });
            // One that was ended is gone on with.
            return verifiedDiff(found, verify, () => isPending(inputs as ReassignmentInputs));
        },
        // An older version of the program had no such resource: partitions stay as they are, unless brokers come or leave.
        create: async (inputs, context) => ((await isPending(inputs)) ? spread(inputs, context) : {}),
        update: async (old, inputs, context) =>
            old.brokers !== inputs.brokers || (await isPending(inputs)) ? spread(inputs, context) : {},
    } satisfies ResourceHandler<ReassignmentInputs>;
};
