import { type Admin, type Consumer, Kafka, type KafkaConfig, logLevel, type Producer } from "kafkajs";
import { AdminConnection } from "../admin/adminConnection.ts";
import { kafkajsSocketFactory } from "../admin/protocol.ts";
import { withTimeLimit } from "../errors.ts";
import { boundedSocketFactory, type SocketFactory } from "./brokerSocket.ts";
import { errorType } from "./kafkaError.ts";
import { CLIENT_LIMITS, type ClientLimits, LEEWAY } from "./limits.ts";
import type { ProjectKafka, ReadOptions, RecordSender, TopicReader, TopicToCreate } from "./projectKafka.ts";
import { type GroupConsumer, PositionedReader } from "./reader.ts";
import { type IdempotentProducer, SafeSender } from "./sender.ts";

/** How to reach the brokers. */
export interface KafkaAddress {
    readonly brokers: readonly string[];
    readonly ssl?: KafkaConfig["ssl"];
    /** User and password; default: the certificate says who we are. */
    readonly sasl?: KafkaConfig["sasl"];
    readonly socketFactory?: SocketFactory;
    /** Default: `CLIENT_LIMITS`. */
    readonly limits?: ClientLimits;
    /** Aborts when the way there turns out to be barred for good. */
    readonly accessDenied?: AbortSignal;
}

/** Takes what kafkajs has to say, one line at a time. */
export type DebugLog = (line: string) => void;

/** Few and quick: whoever calls repeats as long as it makes sense, and can be interrupted. */
const RETRY = { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 };
/** How long a broker may work on a change, in milliseconds. */
const REQUEST_TIME_LIMIT = 15_000;
const CLOSING_TIME_LIMIT = 5_000;
/** How soon the leaders are looked up again where kafkajs does not do so by itself: after requests timed out. */
const METADATA_AGE = 10_000;
const SESSION_TIME_LIMIT = 10_000;
const FETCH_BYTES = 4 * 1024 * 1024;
const FETCH_BYTES_PER_PARTITION = 1024 * 1024;
const FETCH_WAIT = 250;

/**
 * kafkajs as this program uses it everywhere.
 * @param onLog gets the text of each of its log lines, the line with its origin, and whether it tells of trouble
 * @param verbose whether it tells all that it does; default: trouble only
 */
export function newKafka(
    { brokers, ssl, sasl, socketFactory = kafkajsSocketFactory(), limits = CLIENT_LIMITS }: KafkaAddress,
    onLog: (text: string, line: string, isTrouble: boolean) => void,
    verbose = false,
): Kafka {
    return new Kafka({
        clientId: "unity",
        brokers: [...brokers],
        ...(ssl && { ssl }),
        ...(sasl && { sasl }),
        socketFactory: boundedSocketFactory(socketFactory, limits) as NonNullable<
            KafkaConfig["socketFactory"]
        >,
        connectionTimeout: limits.connect + LEEWAY,
        requestTimeout: limits.request + LEEWAY,
        retry: RETRY,
        logLevel: verbose ? logLevel.DEBUG : logLevel.ERROR,
        logCreator:
            () =>
            ({ namespace, level, log }) => {
                const { message } = log;
                const cause: unknown = log.error;
                const text = typeof cause === "string" ? `${message}: ${cause}` : message;
                onLog(text, `${namespace}: ${text}`, level === logLevel.ERROR);
            },
    });
}

/** A Project's Kafka by means of kafkajs. */
export class KafkajsKafka implements ProjectKafka {
    readonly accessDenied: AbortSignal;
    readonly #kafka: Kafka;
    readonly #open = new Set<{ close(): Promise<void> }>();
    readonly #admin: AdminConnection;
    readonly #limits: ClientLimits;
    #lastTrouble: string | undefined;

    constructor(address: KafkaAddress, debug?: DebugLog) {
        this.accessDenied = address.accessDenied ?? new AbortController().signal;
        this.#kafka = newKafka(
            address,
            (text, line, isTrouble) => {
                if (isTrouble) {
                    this.#lastTrouble = text;
                }
                debug?.(line);
            },
            debug !== undefined,
        );
        this.#limits = address.limits ?? CLIENT_LIMITS;
        this.#admin = new AdminConnection(() => this.#kafka.admin({ retry: RETRY }), this.#limits.call);
    }

    lastError(): string | undefined {
        return this.#lastTrouble;
    }

    async countBrokers(): Promise<number> {
        return (await (await this.#connectedAdmin()).describeCluster()).brokers.length;
    }

    async listTopics(): Promise<readonly string[]> {
        return (await this.#connectedAdmin()).listTopics();
    }

    async createTopic({ name, partitions, replicationFactor, settings }: TopicToCreate): Promise<void> {
        const admin = await this.#connectedAdmin();
        const configEntries = Object.entries(settings).map(([key, value]) => ({ name: key, value }));
        await admin.createTopics({
            timeout: REQUEST_TIME_LIMIT,
            topics: [{ topic: name, numPartitions: partitions, replicationFactor, configEntries }],
        });
    }

    async deleteTopic(topic: string): Promise<void> {
        const admin = await this.#connectedAdmin();
        await admin
            .deleteTopics({ topics: [topic], timeout: REQUEST_TIME_LIMIT })
            .catch(unlessType("UNKNOWN_TOPIC_OR_PARTITION"));
    }

    async endOffsets(topic: string): Promise<readonly number[]> {
        const admin = await this.#connectedAdmin();
        const ends: number[] = [];
        for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
            ends[partition] = Number(high);
        }
        return ends;
    }

    async listGroups(): Promise<readonly string[]> {
        const { groups } = await (await this.#connectedAdmin()).listGroups();
        // Workers of Kafka Connect are a group as well; one whose positions were only written has no type.
        return groups.filter(({ protocolType }) => protocolType !== "connect").map(({ groupId }) => groupId);
    }

    async committedOffsets(group: string): Promise<ReadonlyMap<string, readonly number[]>> {
        const topics = await (await this.#connectedAdmin()).fetchOffsets({ groupId: group });
        return new Map(
            topics.map(({ topic, partitions }) => {
                const offsets: number[] = [];
                for (const { partition, offset } of partitions) {
                    offsets[partition] = Number(offset);
                }
                return [topic, offsets];
            }),
        );
    }

    async isGroupActive(group: string): Promise<boolean> {
        const { groups } = await (await this.#connectedAdmin()).describeGroups([group]);
        return groups.some(({ members }) => members.length > 0);
    }

    async deleteGroup(group: string): Promise<void> {
        const admin = await this.#connectedAdmin();
        await admin.deleteGroups([group]).catch((error: unknown) => {
            const { groups } = error as { groups?: { error?: { type?: string } }[] };
            const types = groups?.map((failed) => failed.error?.type) ?? [errorType(error)];
            if (types.some((type) => type !== "GROUP_ID_NOT_FOUND")) {
                throw error;
            }
        });
    }

    async openSender(topic: string): Promise<RecordSender> {
        const sender = new SafeSender(() => this.#newProducer(), topic, undefined, this.#limits.call);
        this.#open.add(sender);
        return sender;
    }

    async openReader(options: ReadOptions): Promise<TopicReader> {
        const reader = new PositionedReader(
            () => this.#newConsumer(options.group),
            options,
            this.#limits.call,
        );
        this.#open.add(reader);
        await reader.open();
        return reader;
    }

    async close(): Promise<void> {
        const parts = [...this.#open, this.#admin];
        await Promise.allSettled(parts.map((part) => withTimeLimit(part.close(), CLOSING_TIME_LIMIT)));
    }

    #connectedAdmin(): Promise<Admin> {
        return this.#admin.connected();
    }

    #newProducer(): IdempotentProducer {
        const producer: Producer = this.#kafka.producer({
            idempotent: true,
            retry: RETRY,
            allowAutoTopicCreation: false,
            metadataMaxAge: METADATA_AGE,
            // Every message names its partition. Giving a partitioner also keeps kafkajs from advertising its new one.
            createPartitioner:
                () =>
                ({ message }) =>
                    message.partition ?? failWithoutPartition(),
        });
        return producer;
    }

    #newConsumer(groupId: string): GroupConsumer {
        const consumer: Consumer = this.#kafka.consumer({
            groupId,
            retry: RETRY,
            allowAutoTopicCreation: false,
            metadataMaxAge: METADATA_AGE,
            sessionTimeout: SESSION_TIME_LIMIT,
            heartbeatInterval: SESSION_TIME_LIMIT / 4,
            maxBytes: FETCH_BYTES,
            maxBytesPerPartition: FETCH_BYTES_PER_PARTITION,
            maxWaitTimeInMs: FETCH_WAIT,
        });
        return {
            connect: () => consumer.connect(),
            subscribe: (subscription) => consumer.subscribe(subscription),
            run: (config) => consumer.run(config),
            seek: (position) => consumer.seek(position),
            onJoined: (listener) => consumer.on(consumer.events.GROUP_JOIN, listener),
            onCrash: (listener) =>
                consumer.on(consumer.events.CRASH, ({ payload }) => listener(!payload.restart)),
            disconnect: () => consumer.disconnect(),
        };
    }
}

function failWithoutPartition(): never {
    throw new Error("a message without a partition");
}

function unlessType(accepted: string): (error: unknown) => void {
    return (error) => {
        if (errorType(error) !== accepted) {
            throw error;
        }
    };
}
