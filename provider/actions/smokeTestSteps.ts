/** The steps of a smoke test, against an open Kafka. */
import { unlessAborted } from "../../common/abort.ts";
import { KAFKA } from "../../common/names.ts";
import type { KafkaAdmin } from "../../kafka/admin/admin.ts";
import type { Metadata } from "../../kafka/admin/metadata.ts";
import { isFinal } from "../../kafka/client/kafkaError.ts";
import type { ProjectKafka, TopicReader } from "../../kafka/client/projectKafka.ts";
import { retryUntilAborted } from "../../kafka/client/retry.ts";
import {
    deleteTemporaryTopic,
    temporaryTopic,
    temporaryTopicName,
} from "../../kafka/client/temporaryTopic.ts";
import { ConnectionError, reasonOf } from "../../kafka/errors.ts";
import type { SmokeTestClient, SmokeTestInputs } from "../resources/smokeTest.ts";

/** The first message opens the connections, the second one is measured. */
const MESSAGES = 2;
/** How long brokers may take to learn of ACLs that were just changed, in milliseconds. */
const ACL_TIME = 10_000;
/** Clients whose access is compared at a time. */
const CLIENTS = 8;
/** Created by the first request for the coordinator of a consumer group. */
const OFFSETS_TOPIC = "__consumer_offsets";

const CHECK_PODS = "Check its pods with unity status";

/** Why a Project does not work. */
export class SmokeTestError extends Error {
    /** What to do about it, a sentence without its full stop. */
    readonly hint: string;

    constructor(message: string, hint: string) {
        super(message);
        this.name = "SmokeTestError";
        this.hint = hint;
    }
}

export interface SmokeTestRun {
    readonly kafka: ProjectKafka & { readonly admin: Pick<KafkaAdmin, "metadata"> };
    readonly inputs: Pick<SmokeTestInputs, "replicationFactor" | "minInsyncReplicas" | "clients">;
    /** How many brokers there should be. */
    readonly brokers: number;
    readonly signal: AbortSignal;
    warn(message: string): void;
    /** How a client's access differs from its permissions; see `accessErrors`. */
    accessErrors(client: SmokeTestClient, topics: readonly string[]): Promise<readonly string[]>;
    /** How long access may differ from config, in milliseconds. Default: 10 s. */
    readonly aclTime?: number;
}

/**
 * Tests a Kafka with the help of a temporary topic, which it deletes in any case.
 * @returns milliseconds of one message to all replicas and back; null where no consumer group can work yet
 * @throws SmokeTestError, or ConnectionError where access is denied
 */
export async function testKafka(run: SmokeTestRun): Promise<number | null> {
    const { kafka, warn } = run;
    const topic = temporaryTopicName("check");
    let requested = false;
    try {
        const cluster = await createTopic(run, topic, () => {
            requested = true;
        });
        const down = brokersDown(run, cluster);
        if (down.length > 0) {
            const names = down.join(", ");
            warn(`${names} ${down.length === 1 ? "is" : "are"} down; messages have fewer replicas meanwhile`);
        }
        const latency = await roundTrip(run, topic, canReadInGroups(run, cluster));
        const names = [...cluster.topics.map(({ name }) => name), topic];
        await compareAccess(run, [...new Set([...names, OFFSETS_TOPIC])], latency !== null);
        return latency;
    } finally {
        const canExist = requested && !kafka.accessDenied.aborted;
        if (canExist && !(await deleteTemporaryTopic(kafka.admin, topic))) {
            warn(`the temporary topic ${topic} cannot be deleted now; a later run of unity deletes it`);
        }
    }
}

/**
 * Creates the topic with as many replicas as there can be, which takes a controller.
 * @param onRequest is called before the first request that may create it
 */
function createTopic(run: SmokeTestRun, topic: string, onRequest: () => void): Promise<Metadata> {
    const { kafka, inputs } = run;
    return attempt(run, "no topic can be created", CHECK_PODS, async () => {
        const cluster = await kafka.admin.metadata();
        const problem = problemOf(cluster, run);
        if (problem !== undefined) {
            throw new Error(problem);
        }
        const replicationFactor = Math.min(inputs.replicationFactor, cluster.brokers.length);
        onRequest();
        await kafka.admin.createTopic({
            name: topic,
            partitions: 1,
            replicationFactor,
            config: {
                ...temporaryTopic(topic, replicationFactor).config,
                "min.insync.replicas": `${inputs.minInsyncReplicas}`,
            },
        });
        return cluster;
    });
}

function problemOf({ brokers, controller }: Metadata, { inputs, brokers: wanted }: SmokeTestRun) {
    const up = brokers.length;
    if (up < inputs.minInsyncReplicas) {
        return `${up} of ${wanted} brokers ${up === 1 ? "is" : "are"} up, fewer than min.insync.replicas ${inputs.minInsyncReplicas}`;
    }
    if (controller < 0) {
        return "there is no controller, which ZooKeeper elects";
    }
    return brokers.some(({ id }) => id === controller)
        ? undefined
        : `the controller, broker ${controller}, is not among the brokers that are up`;
}

function brokersDown({ brokers: wanted }: SmokeTestRun, { brokers }: Metadata): string[] {
    return Array.from({ length: wanted }, (_, id) => id)
        .filter((id) => brokers.every((broker) => broker.id !== id))
        .map((id) => `${KAFKA.name}-${id}`);
}

/** The topic of committed offsets is created with the Project's replication factor, or not at all. */
function canReadInGroups({ inputs, warn }: SmokeTestRun, { brokers, topics }: Metadata): boolean {
    const can =
        topics.some(({ name }) => name === OFFSETS_TOPIC) || brokers.length >= inputs.replicationFactor;
    if (!can) {
        warn(
            `${OFFSETS_TOPIC} does not exist, and cannot be created before ${inputs.replicationFactor} brokers are up`,
        );
    }
    return can;
}

async function roundTrip(run: SmokeTestRun, topic: string, reads: boolean): Promise<number | null> {
    const { kafka, signal } = run;
    let arrived: (at: number) => void = () => undefined;
    let reader: TopicReader | undefined;
    try {
        if (reads) {
            reader = await step(run, "a consumer group gets no coordinator", CHECK_PODS, () =>
                kafka.openReader({
                    topic,
                    group: topic,
                    signal,
                    onRecords: () => arrived(performance.now()),
                }),
            );
            await attempt(run, `${OFFSETS_TOPIC} is not complete`, CHECK_PODS, () =>
                checkOffsetsTopic(kafka),
            );
        }
        const sender = await kafka.openSender(topic);
        let latency: number | null = null;
        for (let message = 0; message < MESSAGES; message++) {
            const received = new Promise<number>((resolve) => {
                arrived = resolve;
            });
            const begun = performance.now();
            const record = { key: Buffer.from("check"), value: Buffer.from(`${message}`) };
            await step(run, "a message is not acknowledged by its replicas", CHECK_PODS, () =>
                sender.send(0, [record], Date.now(), signal),
            );
            if (reads) {
                const at = await step(run, "a message does not come back", CHECK_PODS, () =>
                    unlessAborted(received, signal),
                );
                latency = Math.round(at - begun);
            }
        }
        return latency;
    } finally {
        // A group that still has a member cannot be deleted.
        await reader?.close();
    }
}

async function checkOffsetsTopic(kafka: SmokeTestRun["kafka"]): Promise<void> {
    const { topics } = await kafka.admin.metadata();
    const partitions = topics.find(({ name }) => name === OFFSETS_TOPIC)?.partitions ?? [];
    const offline = partitions.filter(({ leader }) => leader < 0).length;
    if (partitions.length === 0 || offline > 0) {
        throw new Error(`${offline} of its ${partitions.length} partitions have no leader`);
    }
}

/** @param groups whether consumer groups can work */
async function compareAccess(run: SmokeTestRun, topics: readonly string[], groups: boolean): Promise<void> {
    const clients = groups ? run.inputs.clients : run.inputs.clients.map(withoutGroups);
    for (let first = 0; first < clients.length; first += CLIENTS) {
        await Promise.all(
            clients.slice(first, first + CLIENTS).map((client) => compareAccessOf(run, client, topics)),
        );
    }
}

function withoutGroups({ acls = [], ...client }: SmokeTestClient): SmokeTestClient {
    return { ...client, groups: [], acls: acls.filter(({ resource }) => resource !== "group") };
}

async function compareAccessOf(
    run: SmokeTestRun,
    client: SmokeTestClient,
    topics: readonly string[],
): Promise<void> {
    const { principal, secret, namespace } = client;
    const end = Date.now() + (run.aclTime ?? ACL_TIME);
    const hint = "Refresh the state with unity up --refresh, which sees ACLs that were changed by hand";
    await attempt(
        run,
        `the certificate in Secret ${secret} of namespace ${namespace} does not open Kafka`,
        CHECK_PODS,
        async () => {
            const errors = await run.accessErrors(client, topics);
            if (errors.length === 0) {
                return;
            }
            const more = errors.length > 3 ? ` and ${errors.length - 3} more` : "";
            const problem = new SmokeTestError(`${principal} ${errors.slice(0, 3).join(", ")}${more}`, hint);
            throw Date.now() > end ? problem : new Error(problem.message);
        },
    );
}

/** Tries until it works; see {@link step}. */
function attempt<T>(run: SmokeTestRun, what: string, hint: string, task: () => Promise<T>): Promise<T> {
    let lastError: string | undefined;
    return step(
        run,
        what,
        hint,
        () =>
            // What no repetition changes leaves the repetition as a value.
            retryUntilAborted<{ readonly done: T } | { readonly error: unknown }>(async () => {
                try {
                    return { done: await task() };
                } catch (error) {
                    lastError = reasonOf(error);
                    if (error instanceof SmokeTestError || error instanceof ConnectionError) {
                        return { error };
                    }
                    throw error;
                }
            }, run.signal).then((result) => {
                if ("error" in result) {
                    throw result.error;
                }
                return result.done;
            }),
        () => lastError,
    );
}

/**
 * Says what did not work.
 * @param what the failure, a clause
 * @param hint the next step, a sentence without its full stop
 * @param lastError the last error underneath, for a task that took too long
 */
async function step<T>(
    { kafka, signal }: SmokeTestRun,
    what: string,
    hint: string,
    task: () => Promise<T>,
    lastError: () => string | undefined = () => kafka.lastError(),
): Promise<T> {
    try {
        return await task();
    } catch (error) {
        if (error instanceof SmokeTestError || error instanceof ConnectionError) {
            throw error;
        }
        const tooLong = signal.aborted && !isFinal(error);
        const reason = tooLong ? (lastError() ?? kafka.lastError() ?? "no answer in time") : reasonOf(error);
        throw new SmokeTestError(`${what} (${reason})`, hint);
    }
}
