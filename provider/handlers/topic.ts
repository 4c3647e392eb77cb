import { setTimeout as sleep } from "node:timers/promises";
import type { TopicState } from "../../kafka/admin/admin.ts";
import { inKafka, type KafkaInputs } from "../kafkaConnection.ts";
import { differs } from "../renewal.ts";
import type { ResourceHandler } from "../resourceHandler.ts";

export interface TopicInputs extends KafkaInputs, TopicState {
    readonly topic: string;
}

const INTERVAL = 1_000;
/** Longest that copies may be on their way, in milliseconds: a large topic takes a while. */
const LIMIT = 120 * 60_000;

export const topic: ResourceHandler<TopicInputs, object> = {
    faults: ({ topic: name, partitions }, old) =>
        old === undefined || partitions >= old.partitions
            ? []
            : [
                  {
                      property: "partitions",
                      reason: `topic ${name} has ${old.partitions} partitions and cannot have only ${partitions}: Kafka takes none away. Set ${old.partitions} or more, or make another topic`,
                  },
              ],
    changes: (old, now) => differs(old, now, ["cluster", "partitions", "replicationFactor", "config"]),
    replaces: (old, now) => (differs(old, now, ["namespace", "topic"]) ? ["topic"] : []),
    make: async (inputs) => {
        const { topic: name, partitions, replicationFactor, config } = inputs;
        const wanted = { partitions, replicationFactor, config };
        const before = await inKafka(inputs, `describe topic ${name}`, (admin) => admin.describeTopic(name));
        if (before === undefined) {
            await inKafka(inputs, `create topic ${name}`, async (admin) => {
                // An answer that got lost is no reason to make it twice.
                if (!(await admin.describeTopic(name))) {
                    await admin.createTopic({ name, ...wanted });
                }
            });
            return {};
        }
        if (before.partitions > partitions) {
            throw new Error(
                `topic ${name} is there with ${before.partitions} partitions, and Kafka takes none away. Set partitions to ${before.partitions} or more`,
            );
        }
        if (before.replicationFactor !== replicationFactor) {
            await replicate(inputs);
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
            await inKafka(inputs, `change topic ${name}`, (admin) => admin.setTopicConfig(name, config));
        }
        return {};
    },
    remove: async (state) =>
        inKafka(state, `delete topic ${state.topic}`, async (admin) => {
            if (await admin.describeTopic(state.topic)) {
                await admin.deleteTopic(state.topic);
            }
        }),
    read: async (state) => {
        const found = await inKafka(state, `describe topic ${state.topic}`, (admin) =>
            admin.describeTopic(state.topic),
        );
        return found && { ...state, ...found };
    },
};

/** Gives a topic another number of copies, and waits until all of them are where they should be. */
async function replicate(inputs: TopicInputs): Promise<void> {
    const { topic: name, replicationFactor } = inputs;
    await inKafka(inputs, `copy topic ${name}`, (admin) => admin.changeReplication(name, replicationFactor));
    const end = Date.now() + LIMIT;
    while (await inKafka(inputs, `copy topic ${name}`, (admin) => admin.isMoving(name))) {
        if (Date.now() > end) {
            throw new Error(
                `copies of topic ${name} are still on their way. Look whether every broker is up, then run up again`,
            );
        }
        await sleep(INTERVAL);
    }
}
