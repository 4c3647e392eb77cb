/**
 * Requests that kafkajs has no call for, over its own connections. Its internals are used here and nowhere else; its
 * version is pinned, and it is not developed any further.
 */
import { createRequire } from "node:module";
import { boundedSocketFactory, type SocketFactory } from "../client/brokerSocket.ts";
import type { KafkaAddress } from "../client/kafkajs.ts";
import { type ClientLimits, LEEWAY } from "../limits.ts";

/** What the encoder of kafkajs can write, as far as it is used. */
export interface Encoder {
    writeInt8(value: number): Encoder;
    writeInt16(value: number): Encoder;
    writeInt32(value: number): Encoder;
    writeInt64(value: number): Encoder;
    writeDouble(value: number): Encoder;
    writeBoolean(value: boolean): Encoder;
    writeString(value: string | null): Encoder;
    writeArray(values: readonly unknown[]): Encoder;
    // Newer versions write lengths in as few bytes as they take, the length of nothing as 0, and one more than others.
    writeUVarInt(value: number): Encoder;
    writeUVarIntString(value: string | null): Encoder;
}

/** What the decoder of kafkajs can read, as far as it is used. */
export interface Decoder {
    readInt8(): number;
    readInt16(): number;
    readInt32(): number;
    /** An object of kafkajs, which becomes a number by `Number`. */
    readInt64(): { toString(): string };
    readDouble(): number;
    readBoolean(): boolean;
    readString(): string | null;
    readBytes(): Buffer | null;
    readArray<T>(read: (decoder: Decoder) => T): T[];
    readUVarIntString(): string | null;
    readUVarIntArray<T>(read: (decoder: Decoder) => T): T[];
    readTaggedFields(): unknown;
}

/** The code of an error: there is no such topic, or it has no such partition. */
export const UNKNOWN_TOPIC_OR_PARTITION = 3;

/** One request of Kafka's protocol in one version, and how its answer is read. */
export interface ProtocolRequest<Answer> {
    readonly name: string;
    readonly key: number;
    readonly version: number;
    encode(encoder: Encoder): Encoder;
    /** Gets the answer after its header. Errors in the answer are for the caller to judge. */
    decode(decoder: Decoder): Answer;
}

interface Pool {
    send(request: unknown): Promise<unknown>;
}
interface Broker {
    connect(): Promise<void>;
    isConnected(): boolean;
    disconnect(): Promise<void>;
}

const internal = createRequire(import.meta.url);
const ConnectionPool = internal("kafkajs/src/network/connectionPool") as new (options: object) => Pool;
const BrokerClass = internal("kafkajs/src/broker") as new (options: object) => Broker;
const EncoderClass = internal("kafkajs/src/protocol/encoder") as new () => Encoder;
const DecoderClass = internal("kafkajs/src/protocol/decoder") as new (data: Buffer) => Decoder;
/** Makes what kafkajs connects with by itself: TCP, or TLS. */
export const kafkajsSocketFactory = internal("kafkajs/src/network/socketFactory") as () => SocketFactory;
const decodeMessages = internal("kafkajs/src/protocol/requests/fetch/v4/decodeMessages") as (
    decoder: Decoder,
) => Promise<{ offset: string; key: Buffer | null; value: Buffer | null }[]>;
const protocolError = (internal("kafkajs/src/protocol/error") as { createErrorFromCode(code: number): Error })
    .createErrorFromCode;

const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing, namespace: () => silent };
function nothing(): void {}

/**
 * Kafka's error of a number, with its name as `type`; undefined for 0, which is none.
 * @param message what the broker says of it; default: what Kafka's documentation says
 */
export function errorOf(
    code: number,
    message?: string | null,
): (Error & { readonly type?: string }) | undefined {
    return code === 0 ? undefined : Object.assign(protocolError(code), message && { message });
}

/** Reads an error of an answer, a number and a text, and throws it where there is one. */
export function refuse(answer: Decoder): void {
    const error = errorOf(answer.readInt16(), answer.readString());
    if (error) {
        throw error;
    }
}

/** A record of a partition, as it was produced. */
export interface LogRecord {
    readonly offset: number;
    readonly key: Buffer | null;
    readonly value: Buffer | null;
}

/** The records in a piece of a log; those of a batch that was cut off are left out. */
export async function recordsIn(log: Buffer): Promise<LogRecord[]> {
    const length = Buffer.alloc(4);
    length.writeInt32BE(log.length);
    const records = await decodeMessages(new DecoderClass(Buffer.concat([length, log])));
    return records.map(({ offset, key, value }) => ({ offset: Number(offset), key, value }));
}

/** A connection to one broker. Requests on it do not wait for each other. */
export interface BrokerConnection {
    isConnected(): boolean;
    ask<Answer>(request: ProtocolRequest<Answer>): Promise<Answer>;
    close(): Promise<void>;
}

/** Connects to one broker, host:port. */
export async function connectTo(
    { ssl, sasl, socketFactory = kafkajsSocketFactory() }: KafkaAddress,
    broker: string,
    limits: ClientLimits,
): Promise<BrokerConnection> {
    const colon = broker.lastIndexOf(":");
    const connectionPool = new ConnectionPool({
        host: broker.slice(0, colon),
        port: Number(broker.slice(colon + 1)),
        clientId: "unity",
        ssl,
        // A copy, because kafkajs writes into it. It takes the mechanism in any case of letters.
        sasl: sasl && { ...sasl },
        socketFactory: boundedSocketFactory(socketFactory, limits),
        logger: silent,
        connectionTimeout: limits.connect + LEEWAY,
        requestTimeout: limits.request + LEEWAY,
    });
    const connection = new BrokerClass({ connectionPool, logger: silent });
    try {
        await connection.connect();
    } catch (error) {
        await connection.disconnect();
        throw error;
    }
    return {
        isConnected: () => connection.isConnected(),
        ask: async <Answer>({ name, key, version, encode, decode }: ProtocolRequest<Answer>) => {
            const { decoded } = (await connectionPool.send({
                request: {
                    apiKey: key,
                    apiVersion: version,
                    apiName: name,
                    encode: async () => encode(new EncoderClass()),
                },
                response: {
                    // kafkajs looks for a time to wait in whatever comes.
                    decode: async (data: Buffer) => ({ decoded: decode(new DecoderClass(data)) }),
                    parse: async (parsed: unknown) => parsed,
                },
            })) as { decoded: Answer };
            return decoded;
        },
        close: () => connection.disconnect(),
    };
}
