import type { KafkaAdmin } from "../kafka/admin/admin.ts";
import { retryUntilAborted } from "../kafka/client/retry.ts";
import { ConnectionError, reasonOf } from "../kafka/errors.ts";
import { openProjectKafka } from "../kafka/open.ts";
import { clusterOf } from "./cluster.ts";
import { ConnectionPool } from "./connectionPool.ts";
import type { InNamespace } from "./resources/inputs.ts";

/** What the resources use of a connection, as a test can offer it too. */
export type KafkaApi = Pick<
    KafkaAdmin,
    | "describeTopic"
    | "createTopic"
    | "addPartitions"
    | "setTopicConfig"
    | "changeReplication"
    | "isMoving"
    | "deleteTopic"
    | "describeAcls"
    | "setAcls"
    | "describeQuotas"
    | "setQuotas"
>;
export type InKafka = typeof inKafka;

/** Longest that one change may take, in milliseconds: brokers may be restarting. */
const LIMIT = 120_000;
/** How long an unused connection is kept, in milliseconds. */
const IDLE = 5_000;

const pool = new ConnectionPool<KafkaAdmin>(IDLE);

/**
 * Changes something in a Project's Kafka as its operator, and retries while brokers are down. All resources of a
 * Project share one connection.
 *
 * @param what the change, for messages: "create topic orders"
 * @throws Error of one line that ends in a hint
 */
export async function inKafka<T>(
    { cluster, namespace }: InNamespace,
    what: string,
    change: (admin: KafkaApi) => Promise<T>,
): Promise<T> {
    let lastError: string | undefined;
    const open = async () => (await openProjectKafka(clusterOf(cluster), namespace)).kafka.admin;
    try {
        return await pool.use(JSON.stringify([cluster, namespace]), open, (connect) =>
            retryUntilAborted(async () => {
                try {
                    return await change(await connect());
                } catch (error) {
                    lastError = reasonOf(error);
                    throw error;
                }
            }, AbortSignal.timeout(LIMIT)),
        );
    } catch (error) {
        if (error instanceof ConnectionError) {
            throw new Error(`${error.message}. ${error.hint}`);
        }
        const reason = lastError ?? reasonOf(error);
        throw new Error(
            `cannot ${what} in the Kafka of namespace ${namespace}: ${reason}. Check its pods, then run up again`,
        );
    }
}
