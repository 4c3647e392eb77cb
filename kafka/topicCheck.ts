import type { TopicAdmin } from "./client/projectKafka.ts";
import { deleteLeftovers, temporaryTopic, temporaryTopicName } from "./client/temporaryTopic.ts";
import { reasonOf } from "./errors.ts";

/**
 * Creates a topic of one partition and deletes it. Nothing less shows that the controller works: all that brokers are
 * asked they answer from memory, also while the controller can write nothing to ZooKeeper any more.
 *
 * @param brokers how many are up
 * @returns what fails, with the reason; undefined where nothing does
 */
export async function checkTopicCreation(admin: TopicAdmin, brokers: number): Promise<string | undefined> {
    const topic = { ...temporaryTopic(temporaryTopicName("check"), brokers), partitions: 1 };
    let failure: string | undefined;
    try {
        await admin.createTopic(topic);
    } catch (error) {
        failure = `no topic can be created (${reasonOf(error)})`;
    }
    try {
        // Where the creation failed half-way, the topic may come to be all the same.
        await admin.deleteTopic(topic.name);
    } catch (error) {
        failure ??= `no topic can be deleted (${reasonOf(error)})`;
    }
    if (failure === undefined) {
        // Of checks that failed, and of others.
        await deleteLeftovers(admin);
    }
    return failure;
}
