import type { Consumer, Kafka, Producer } from "kafkajs";
import { withTimeLimit } from "../../common/abort.ts";
import { READER_SESSION_TIMEOUT } from "../../common/kafkaTypes.ts";
import { KafkaAdmin } from "../admin/admin.ts";
import { CLIENT_LIMITS, type ClientLimits } from "../limits.ts";
import { type KafkaAddress, newKafka, RETRY } from "./kafkajs.ts";
import type { ProjectKafka, ReadOptions, RecordSender, TopicReader } from "./projectKafka.ts";
import { type GroupConsumer, PositionedReader } from "./reader.ts";
import { type IdempotentProducer, SafeSender } from "./sender.ts";

/** Takes what kafkajs logs, one line at a time. */
export type DebugLog = (line: string) => void;

const CLOSING_TIME_LIMIT = 5_000;
/** How soon the leaders are looked up again where kafkajs does not do so by itself: after requests timed out. */
const METADATA_AGE = 10_000;
const FETCH_BYTES = 4 * 1024 * 1024;
const FETCH_BYTES_PER_PARTITION = 1024 * 1024;
const FETCH_WAIT = 250;

/** A Project's Kafka by means of kafkajs. Connects only when it is used. */
export class KafkajsKafka implements ProjectKafka {
    readonly accessDenied: AbortSignal;
    readonly admin: KafkaAdmin;
    readonly #kafka: Kafka;
    readonly #open = new Set<{ close(): Promise<void> }>();
    readonly #limits: ClientLimits;
    #lastError: string | undefined;

    constructor(address: KafkaAddress, debug?: DebugLog) {
        this.accessDenied = address.accessDenied ?? new AbortController().signal;
        this.#kafka = newKafka(
            address,
            (text, line, isError) => {
                if (isError) {
                    this.#lastError = text;
                }
                debug?.(line);
            },
            debug !== undefined,
        );
        this.#limits = address.limits ?? CLIENT_LIMITS;
        this.admin = new KafkaAdmin(address, this.#kafka);
    }

    lastError(): string | undefined {
        return this.#lastError;
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
        const parts = [...this.#open, this.admin];
        await Promise.allSettled(parts.map((part) => withTimeLimit(part.close(), CLOSING_TIME_LIMIT)));
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
            sessionTimeout: READER_SESSION_TIMEOUT,
            heartbeatInterval: READER_SESSION_TIMEOUT / 4,
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
