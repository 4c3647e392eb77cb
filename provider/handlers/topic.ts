import { setTimeout as sleep } from "node:timers/promises";
import type { CheckFailure } from "@pulumi/pulumi/provider/provider.js";
import type { Topic } from "../../common/kafkaTypes.ts";
import type { InKafka } from "../kafkaConnection.ts";
import { deleteInKafka, KafkaFailure, readInKafka } from "../kafkaFailure.ts";
import { differs, diffOf, type Preview, type ResourceHandler } from "../resourceHandler.ts";
import type { TopicInputs } from "../resources/topic.ts";
import { lossRefusal, takeoverRefusal } from "./topicConsent.ts";

const INTERVAL = 1_000;
/** Longest that a reassignment of replicas may take, in milliseconds: a large topic takes a while. */
const REASSIGNMENT_LIMIT = 120 * 60_000;

/** Longest that a preview waits for a Kafka, in milliseconds: it may have no way to one. */
const PREVIEW_LIMIT = 5_000;

export const topic = (inKafka: InKafka) => {
    /** Namespaces whose Kafka has not answered here: a preview asks once, not for each topic. */
    const silent = new Set<string>();
    return {
        check: async (inputs, old) => ({
            failures: old
                ? [...partitionFailures(inputs, old), ...lossFailures(inputs, old)]
                : await takeoverFailures(inKafka, inputs, silent),
        }),
        diff: (old, inputs) =>
            diffOf(old, inputs, {
                updates: ["cluster", "partitions", "replicationFactor", "config"],
                replaces: ["namespace", "topic"],
            }),
        create: async (inputs) => {
            const before = await describe(inKafka, inputs);
            if (before === undefined) {
                await createTopic(inKafka, inputs);
                return {};
            }
            refuse(whyNotTaken(before, inputs));
            await change(inKafka, inputs, before);
            return {};
        },
        update: async (old, inputs) => {
            const before = await describe(inKafka, inputs);
            if (before === undefined) {
                await createTopic(inKafka, inputs);
                return {};
            }
            // Not by the state: somebody may have changed them since.
            refuse(lossRefusal({ config: before.config, defaults: old.defaults }, inputs));
            await change(inKafka, inputs, before);
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
    } satisfies ResourceHandler<TopicInputs>;
};

function describe(inKafka: InKafka, inputs: TopicInputs, limit?: number): Promise<Topic | undefined> {
    const { topic: name } = inputs;
    return inKafka(inputs, `describe topic ${name}`, (admin) => admin.describeTopic(name), limit);
}

async function createTopic(inKafka: InKafka, inputs: TopicInputs): Promise<void> {
    const { topic: name, partitions, replicationFactor, config } = inputs;
    await inKafka(inputs, `create topic ${name}`, async (admin) => {
        // A lost answer is no reason to create it twice.
        if (!(await admin.describeTopic(name))) {
            await admin.createTopic({ name, partitions, replicationFactor, config });
        }
    });
}

/** Changes what differs from config. */
async function change(inKafka: InKafka, inputs: TopicInputs, before: Topic): Promise<void> {
    const { topic: name, partitions, replicationFactor, config } = inputs;
    refuse(tooManyPartitions(before, partitions));
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
    if (differs<Pick<Topic, "config">>(before, inputs, ["config"])) {
        await inKafka(inputs, `set the config of topic ${name}`, (admin) =>
            admin.setTopicConfig(name, config),
        );
    }
}

function refuse(reason: string | undefined): void {
    if (reason !== undefined) {
        throw new Error(reason);
    }
}

function tooManyPartitions(found: Topic, partitions: number): string | undefined {
    return found.partitions > partitions
        ? `topic ${found.name} exists with ${found.partitions} partitions, and Kafka cannot remove any. Set partitions to ${found.partitions} or more`
        : undefined;
}

function whyNotTaken(found: Topic, wanted: TopicInputs): string | undefined {
    return tooManyPartitions(found, wanted.partitions) ?? takeoverRefusal(found, wanted);
}

/**
 * What keeps a topic that is to be created from being taken over, as far as it can be seen now: a preview may have no
 * way to Kafka, and a new Project has none. An `up` looks again before it changes anything.
 */
async function takeoverFailures(
    inKafka: InKafka,
    { cluster, namespace, ...rest }: Preview<TopicInputs>,
    silent: Set<string>,
): Promise<CheckFailure[]> {
    if (cluster === undefined || namespace === undefined || silent.has(namespace)) {
        return [];
    }
    // Those come from config.
    const wanted = { cluster, namespace, ...rest } as TopicInputs;
    let found: Topic | undefined;
    try {
        found = await describe(inKafka, wanted, PREVIEW_LIMIT);
    } catch (error) {
        if (!(error instanceof KafkaFailure)) {
            throw error;
        }
        silent.add(namespace);
    }
    const reason = found && whyNotTaken(found, wanted);
    return reason === undefined ? [] : [{ property: "topic", reason }];
}

function lossFailures(inputs: Preview<TopicInputs>, old: TopicInputs): CheckFailure[] {
    const reason = inputs.config && lossRefusal(old, inputs as TopicInputs);
    return reason === undefined ? [] : [{ property: "config", reason }];
}

function partitionFailures(
    { topic: name, partitions }: Preview<TopicInputs>,
    old: TopicInputs,
): CheckFailure[] {
    if (partitions === undefined || partitions >= old.partitions) {
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
    const isMoving = async () => {
        const ongoing = await inKafka(inputs, what, (admin) => admin.listReassignments());
        return ongoing.some(({ topic: moving }) => moving === name);
    };
    while (await isMoving()) {
        if (Date.now() > end) {
            throw new Error(
                `replicas of topic ${name} are still being reassigned. Check that every broker is up, then run up again`,
            );
        }
        await sleep(INTERVAL);
    }
}
