import type { KubeTarget } from "../common/kubeTarget.ts";
import type { KafkaAdmin } from "../kafka/admin/admin.ts";
import { retryUntilAborted } from "../kafka/client/retry.ts";
import { ConnectionError, reasonOf } from "../kafka/errors.ts";
import { openProjectKafka } from "../kafka/open.ts";
import { clusterOf } from "./cluster.ts";
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

const admins = new Map<string, Promise<KafkaAdmin>>();
const users = new Map<string, number>();

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
    const key = JSON.stringify([cluster, namespace]);
    users.set(key, (users.get(key) ?? 0) + 1);
    let lastError: string | undefined;
    try {
        return await retryUntilAborted(async () => {
            const admin = await adminOf(key, cluster, namespace);
            try {
                return await change(admin);
            } catch (error) {
                lastError = reasonOf(error);
                throw error;
            }
        }, AbortSignal.timeout(LIMIT));
    } catch (error) {
        if (error instanceof ConnectionError) {
            throw new Error(`${error.message}. ${error.hint}`);
        }
        const reason = lastError ?? reasonOf(error);
        throw new Error(
            `cannot ${what} in the Kafka of namespace ${namespace}: ${reason}. Check its pods, then run up again`,
        );
    } finally {
        users.set(key, users.get(key)! - 1);
        setTimeout(() => void close(key), IDLE).unref();
    }
}

function adminOf(key: string, cluster: KubeTarget, namespace: string): Promise<KafkaAdmin> {
    const known = admins.get(key);
    if (known) {
        return known;
    }
    const opened = openAdmin(cluster, namespace);
    admins.set(key, opened);
    // The next call opens another one.
    opened.catch(() => admins.delete(key));
    return opened;
}

async function openAdmin(target: KubeTarget, namespace: string): Promise<KafkaAdmin> {
    return (await openProjectKafka(clusterOf(target), namespace)).kafka.admin;
}

async function close(key: string): Promise<void> {
    if ((users.get(key) ?? 0) > 0) {
        return;
    }
    const admin = await admins.get(key)?.catch(() => undefined);
    if ((users.get(key) ?? 0) > 0) {
        return;
    }
    admins.delete(key);
    await admin?.close().catch(() => undefined);
}
