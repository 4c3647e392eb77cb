import type { CheckFailure } from "@pulumi/pulumi/provider/provider.js";
import { formatBytes } from "../../common/format.ts";
import type { InKafka } from "../kafkaConnection.ts";
import { KafkaFailure } from "../kafkaFailure.ts";
import { diffOf, type Preview, type ResourceHandler, verifiedDiff } from "../resourceHandler.ts";
import type { ReassignmentInputs } from "../resources/partitionReassignment.ts";

/** What is read and written in Kubernetes. */
export type BrokerState = Pick<
    typeof import("../actions/reassignment/state.ts"),
    "currentBrokers" | "beginReassignment" | "isReassignmentPending" | "endReassignment"
>;

export const inKubernetes = (): Promise<BrokerState> => import("../actions/reassignment/state.ts");

/** Longest that a preview waits for a Kafka, in milliseconds: it may have no way to one. */
const PREVIEW_LIMIT = 5_000;

/** The rate of a reassignment, for a message. */
export const atMost = (throttle = 0): string => `at most ${formatBytes(throttle)}/s for each broker`;

/** The order of moves, and what each of them waits for, is in actions/reassignment. */
export const brokerDecommission = (
    inKafka: InKafka,
    state: () => Promise<BrokerState> = inKubernetes,
    interval?: number,
) => {
    const prepare: ResourceHandler<ReassignmentInputs>["create"] = async (inputs, context) => {
        const kubernetes = await state();
        const current = await kubernetes.currentBrokers(inputs);
        if (current === undefined || current === inputs.brokers) {
            return {};
        }
        const begin = () => kubernetes.beginReassignment(inputs);
        if (current < inputs.brokers) {
            await begin();
            return {};
        }
        const { emptyBrokers } = await import("../actions/reassignment/brokers.ts");
        const work = { inputs, inKafka, context, ...(interval !== undefined && { interval }) };
        await emptyBrokers(work, current, begin);
        return {};
    };
    return {
        check: async (inputs, old) => ({
            failures: isShrinking(inputs, old) ? await refusals(inKafka, inputs, interval) : [],
        }),
        diff: async (old, inputs, { info }) => {
            const { brokers = old.brokers, project, throttle, verify } = inputs;
            if (brokers < old.brokers) {
                info(
                    `Project ${project}: the replicas of brokers that leave move to the others before, ${atMost(throttle)}`,
                );
            }
            const found = diffOf(old, inputs, { updates: ["cluster", "brokers"], replaces: ["namespace"] });
            // An `up` may have ended between them and the StatefulSet, and a topic may have been created since.
            return verifiedDiff(found, verify, async () => {
                const current = await (await state()).currentBrokers(inputs as ReassignmentInputs);
                return current !== undefined && current !== brokers;
            });
        },
        create: prepare,
        update: async (_old, inputs, context) => prepare(inputs, context),
        // Somebody may have given the StatefulSet another size: brokers that are too many are emptied before they leave.
        read: async (old, { warn }) => {
            try {
                const brokers = (await (await state()).currentBrokers(old)) ?? old.brokers;
                return brokers === old.brokers ? old : { ...old, brokers };
            } catch (error) {
                warn(`the number of brokers is left as it is: ${(error as Error).message}`);
                return old;
            }
        },
    } satisfies ResourceHandler<ReassignmentInputs>;
};

function isShrinking(
    inputs: Preview<ReassignmentInputs>,
    old: ReassignmentInputs | undefined,
): inputs is ReassignmentInputs {
    const { brokers, cluster, namespace } = inputs;
    return old !== undefined && brokers !== undefined && brokers < old.brokers && !!cluster && !!namespace;
}

/**
 * What config has to change before brokers can leave, as far as it can be seen now: a preview may have no way to Kafka. An
 * `up` looks again before it changes anything.
 */
async function refusals(
    inKafka: InKafka,
    inputs: ReassignmentInputs,
    interval: number | undefined,
): Promise<CheckFailure[]> {
    const [{ takeSurvey }, { refusalOf }] = await Promise.all([
        import("../actions/reassignment/survey.ts"),
        import("../actions/reassignment/refusals.ts"),
    ]);
    try {
        const found = await inKafka(
            inputs,
            "look at its partitions",
            (admin) => takeSurvey(admin, inputs, interval),
            PREVIEW_LIMIT,
        );
        const reason = refusalOf(inputs, found);
        return reason === undefined ? [] : [{ property: "brokers", reason }];
    } catch (error) {
        if (error instanceof KafkaFailure) {
            return [];
        }
        throw error;
    }
}
