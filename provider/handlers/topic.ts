import { setTimeout as sleep } from "node:timers/promises";
import type { InKafka } from "../kafkaConnection.ts";
import { deleteInKafka, readInKafka } from "../kafkaFailure.ts";
import { differs, diffOf, type Preview, type ResourceHandler } from "../resourceHandler.ts";
import type { TopicInputs } from "../resources/topic.ts";

const INTERVAL = 1_000;
/** Longest that a reassignment of replicas may take, in milliseconds: a large topic takes a while. */
const REASSIGNMENT_LIMIT = 120 * 60_000;

export const topic = (inKafka: InKafka) =>
    ({
        check: (inputs, old) => ({ failures: partitionFailures(inputs, old) }),
        diff: (old, inputs) =>
            diffOf(old, inputs, {
                updates: ["cluster", "partitions", "replicationFactor", "config"],
                replaces: ["namespace", "topic"],
            }),
        create: async (inputs) => {
            const { topic: name, partitions, replicationFactor, config } = inputs;
            const wanted = { name, partitions, replicationFactor, config };
            const before = await inKafka(inputs, `describe topic ${name}`, (admin) =>
                admin.describeTopic(name),
            );
            if (before === undefined) {
                await inKafka(inputs, `create topic ${name}`, async (admin) => {
                    // A lost answer is no reason to create it twice.
                    if (!(await admin.describeTopic(name))) {
                        await admin.createTopic(wanted);
                    }
                });
                return {};
            }
            if (before.partitions > partitions) {
                throw new Error(
                    `topic ${name} exists with ${before.partitions} partitions, and Kafka cannot remove any. Set partitions to ${before.partitions} or more`,
                );
            }
            if (before.replicationFactor !== replicationFactor) {
                await reassign(inKafka, inputs);
            }
            if (before.partitions < partitions) {
                await inKafka(inputs, `add partitions to topic ${name}`, async (admin) => {
                    const { partitions: count = 0 } = (await admin.describeTopic(name)) ?? {};
                    if (count < partitions) {
                        await admin.addPartitions(name, partitions);
                    }
                });
            }
            if (differs(before, wanted, ["config"])) {
                await inKafka(inputs, `set the config of topic ${name}`, (admin) =>
                    admin.setTopicConfig(name, config),
                );
            }
            return {};
        },
        delete: async (state) =>
            deleteInKafka(inKafka, state, `topic ${state.topic}`, async (admin) => {
                if (await admin.describeTopic(state.topic)) {
                    await admin.deleteTopic(state.topic);
                }
            }),
        read: async (state, context) =>
            readInKafka(inKafka, state, `topic ${state.topic}`, context, async (admin) => {
                const found = await admin.describeTopic(state.topic);
                if (found === undefined) {
                    return undefined;
                }
                const { partitions, replicationFactor, config } = found;
                const isSame = !differs<TopicInputs>(state, found, [
                    "partitions",
                    "replicationFactor",
                    "config",
                ]);
                return isSame ? state : { ...state, partitions, replicationFactor, config };
            }),
    }) satisfies ResourceHandler<TopicInputs>;

function partitionFailures({ topic: name, partitions }: Preview<TopicInputs>, old?: TopicInputs) {
    if (old === undefined || partitions === undefined || partitions >= old.partitions) {
        return [];
    }
    return [
        {
            property: "partitions",
            reason: `topic ${name} has ${old.partitions} partitions and cannot have only ${partitions}: Kafka cannot remove any. Set ${old.partitions} or more, or create another topic`,
        },
    ];
}

/** Changes the replication factor of a topic, and waits until every replica is on its broker. */
async function reassign(inKafka: InKafka, inputs: TopicInputs): Promise<void> {
    const { topic: name, replicationFactor } = inputs;
    const what = `reassign the replicas of topic ${name}`;
    await inKafka(inputs, what, (admin) => admin.changeReplication(name, replicationFactor));
    const end = Date.now() + REASSIGNMENT_LIMIT;
    while (await inKafka(inputs, what, (admin) => admin.isMoving(name))) {
        if (Date.now() > end) {
            throw new Error(
                `replicas of topic ${name} are still being reassigned. Check that every broker is up, then run up again`,
            );
        }
        await sleep(INTERVAL);
    }
}
