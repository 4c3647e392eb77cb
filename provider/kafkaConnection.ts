import type { KafkaAdmin } from "../kafka/admin/admin.ts";
import { retryUntilAborted } from "../kafka/client/retry.ts";
import { ConnectionError, reasonOf } from "../kafka/errors.ts";
import { openProjectKafka } from "../kafka/open.ts";
import { type ClusterInputs, clusterOf } from "./cluster.ts";

/** Where a resource within a Project's Kafka is. */
export interface KafkaInputs {
    readonly cluster: ClusterInputs;
    readonly namespace: string;
}

/** Longest that one change may take, in milliseconds: brokers may be on their way back. */
const LIMIT = 120_000;
/** How long a connection that nobody uses is kept, in milliseconds. */
const IDLE = 5_000;

const admins = new Map<string, Promise<KafkaAdmin>>();
const users = new Map<string, number>();

/**
 * Changes something in a Project's Kafka as its operator, and tries again while brokers are away. All resources of a
 * Project share one connection.
 *
 * @param what the change, for messages: "create topic orders"
 * @throws Error of one line with the next step
 */
export async function inKafka<T>(
    { cluster, namespace }: KafkaInputs,
    what: string,
    change: (admin: KafkaAdmin) => Promise<T>,
): Promise<T> {
    const key = JSON.stringify([cluster, namespace]);
    users.set(key, (users.get(key) ?? 0) + 1);
    let trouble: string | undefined;
    try {
        return await retryUntilAborted(async () => {
            const admin = await adminOf(key, cluster, namespace);
            try {
                return await change(admin);
            } catch (error) {
                trouble = reasonOf(error);
                throw error;
            }
        }, AbortSignal.timeout(LIMIT));
    } catch (error) {
        if (error instanceof ConnectionError) {
            throw new Error(`${error.message}. ${error.hint}`);
        }
        const reason = trouble ?? reasonOf(error);
        throw new Error(
            `Kafka of namespace ${namespace} does not ${what}: ${reason}. Look at its pods, then run up again`,
        );
    } finally {
        users.set(key, users.get(key)! - 1);
        setTimeout(() => void close(key), IDLE).unref();
    }
}

function adminOf(key: string, cluster: ClusterInputs, namespace: string): Promise<KafkaAdmin> {
    const known = admins.get(key);
    if (known) {
        return known;
    }
    const opened = openAdmin(cluster, namespace);
    admins.set(key, opened);
    // Whoever comes next tries anew.
    opened.catch(() => admins.delete(key));
    return opened;
}

async function openAdmin(inputs: ClusterInputs, namespace: string): Promise<KafkaAdmin> {
    return (await openProjectKafka(clusterOf(inputs), namespace)).kafka.admin;
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
