/** kafkajs as this program uses it everywhere: how it connects, and how long it waits. */
import { Kafka, type KafkaConfig, logLevel } from "kafkajs";
import { kafkajsSocketFactory } from "../admin/protocol.ts";
import { CLIENT_LIMITS, type ClientLimits, LEEWAY } from "../limits.ts";
import { boundedSocketFactory, type SocketFactory } from "./brokerSocket.ts";
import "./stoppedConsumer.ts";

/** TLS of a client, PEM. */
export interface TlsOptions {
    /** Certificate authorities; default: those that Node trusts. */
    readonly ca?: string | undefined;
    readonly cert?: string | undefined;
    readonly key?: string | undefined;
}

/** User and password, as config has them. */
export interface SaslLogin {
    readonly mechanism: "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512";
    readonly username: string;
    readonly password: string;
}

/** How to reach the brokers. */
export interface KafkaAddress {
    /** host:port of brokers to connect to first. */
    readonly brokers: readonly string[];
    /** Default: no TLS. */
    readonly ssl?: TlsOptions | undefined;
    /** Default: the certificate says who we are. */
    readonly sasl?: SaslLogin | undefined;
    /** Default: TCP or TLS from this machine. */
    readonly socketFactory?: SocketFactory;
    /** Default: `CLIENT_LIMITS`. */
    readonly limits?: ClientLimits;
    /** Aborts, with a ConnectionError, when access turns out to be denied for good. */
    readonly accessDenied?: AbortSignal;
}

/** Few and quick: the caller retries as long as it makes sense, and can be interrupted. */
export const RETRY = { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 };

/**
 * A kafkajs client. Connects only when it is used.
 * @param onLog gets the text of each of its log lines, the line with its origin, and whether it is an error
 * @param verbose whether it logs all that it does; default: errors only
 */
export function newKafka(
    { brokers, ssl, sasl, socketFactory = kafkajsSocketFactory(), limits = CLIENT_LIMITS }: KafkaAddress,
    onLog: (text: string, line: string, isError: boolean) => void = () => undefined,
    verbose = false,
): Kafka {
    return new Kafka({
        clientId: "unity",
        brokers: [...brokers],
        ...(ssl && { ssl: { ...ssl } }),
        ...(sasl && { sasl: kafkajsLogin(sasl) }),
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

function kafkajsLogin({ mechanism, ...login }: SaslLogin): NonNullable<KafkaConfig["sasl"]> {
    switch (mechanism) {
        case "PLAIN":
            return { mechanism: "plain", ...login };
        case "SCRAM-SHA-256":
            return { mechanism: "scram-sha-256", ...login };
        case "SCRAM-SHA-512":
            return { mechanism: "scram-sha-512", ...login };
    }
}
