import { unlessAborted } from "../common/abort.ts";
import type { KafkaAdmin } from "../kafka/admin/admin.ts";
import { errorType, isFinal, isRefusal } from "../kafka/client/kafkaError.ts";
import { retryUntilAborted } from "../kafka/client/retry.ts";
import { ConnectionError, lineOf, reasonOf } from "../kafka/errors.ts";
import { openProjectKafka } from "../kafka/open.ts";
import { clusterOf } from "./cluster.ts";
import { ConnectionPool } from "./connectionPool.ts";
import { KafkaFailure } from "./kafkaFailure.ts";
import type { InNamespace } from "./resources/inputs.ts";

/** What the resources use of a connection, as a test can offer it too. */
export type KafkaApi = Pick<
    KafkaAdmin,
    | "describeTopic"
    | "createTopic"
    | "addPartitions"
    | "setTopicConfig"
    | "changeReplication"
    | "metadata"
    | "reassign"
    | "listReassignments"
    | "describeLogDirs"
    | "setThrottle"
    | "removeThrottle"
    | "deleteTopic"
    | "describeAcls"
    | "setAcls"
    | "listUsers"
    | "allowEverything"
    | "describeQuotas"
    | "setQuotas"
    | "describeBrokerConfig"
    | "setBrokerConfig"
>;

/**
 * Does something in a Project's Kafka as its operator, and retries while brokers are down. What Kubernetes or Kafka
 * refuses is not tried again.
 *
 * @param what what is done, for messages: "create topic orders"
 * @param limit longest that it may take, in milliseconds; default: two minutes, as brokers may be restarting
 * @throws KafkaFailure
 */
export type InKafka = <T>(
    of: InNamespace,
    what: string,
    change: (admin: KafkaApi) => Promise<T>,
    limit?: number,
) => Promise<T>;

/** A Project's Kafka, as far as it is used here. */
interface ProjectConnection {
    readonly admin: KafkaApi;
    /** Aborts when access turns out to be denied for good. */
    readonly accessDenied: AbortSignal;
    close(): Promise<void>;
}

const LIMIT = 120_000;
/** How long an unused connection is kept, in milliseconds. */
const IDLE = 5_000;

export const inKafka: InKafka = sharedKafka(
    async ({ cluster, namespace }) => (await openProjectKafka(clusterOf(cluster), namespace)).kafka,
);

/** All resources of a Project share one connection. */
export function sharedKafka(open: (of: InNamespace) => Promise<ProjectConnection>): InKafka {
    const pool = new ConnectionPool<ProjectConnection>(IDLE);
    return async (of, what, change, limit = LIMIT) => {
        const key = JSON.stringify([of.cluster, of.namespace]);
        let lastError: unknown;
        try {
            return await pool.use(
                key,
                () => open(of),
                (connect) =>
                    retryUntilAborted(
                        async () => {
                            try {
                                const { admin, accessDenied } = await connect();
                                return await unlessAborted(change(admin), accessDenied);
                            } catch (error) {
                                lastError = error;
                                throw error;
                            }
                        },
                        AbortSignal.timeout(limit),
                        isUseless,
                    ),
            );
        } catch (error) {
            const timedOut = error instanceof DOMException && error.name === "TimeoutError";
            throw failureOf(of, what, timedOut ? lastError : error, limit);
        }
    };
}

function isUseless(error: unknown): boolean {
    return error instanceof ConnectionError ? !error.retriable : isFinal(error) || isRefusal(error);
}

/** @param error undefined where nothing has answered in time, not even with an error */
function failureOf({ namespace }: InNamespace, what: string, error: unknown, limit: number): KafkaFailure {
    const cannot = `cannot ${what} in the Kafka of namespace ${namespace}`;
    if (error instanceof ConnectionError) {
        switch (error.kind) {
            case "namespace":
                return new KafkaFailure(
                    "noNamespace",
                    `${error.message}. Run up with --refresh to create it again`,
                );
            case "kafka":
                return new KafkaFailure("unavailable", lineOf(error));
            default:
                return new KafkaFailure(error.retriable ? "unavailable" : "refused", lineOf(error));
        }
    }
    if (isUseless(error)) {
        return new KafkaFailure(
            "refused",
            `${cannot}: ${withoutStop(reasonOf(error))}. ${refusalHint(error)}`,
        );
    }
    const reason = error === undefined ? `no answer within ${limit / 1000} s` : withoutStop(reasonOf(error));
    return new KafkaFailure("unavailable", `${cannot}: ${reason}. Check its pods, then run up again`);
}

function refusalHint(error: unknown): string {
    const type = errorType(error) ?? "";
    if (type.endsWith("_AUTHORIZATION_FAILED")) {
        return "Check that super.users of its brokers names the operator, then run up again";
    }
    if (type === "INVALID_REPLICATION_FACTOR") {
        return "Check that all brokers are up or lower the replication factor, then run up again";
    }
    return "Correct it in config, then run up again";
}

/** A broker's sentence, to go on after. */
function withoutStop(text: string): string {
    return text.replace(/\.$/, "");
}
