/** How long a client of Kafka waits before it takes another connection, each in milliseconds. */
export interface ClientLimits {
    /** Until a connection stands, with everything below it: the tunnel and the TLS handshake. */
    readonly connect: number;
    /** Until a broker that owes an answer sends something. After that its connection is dead. */
    readonly request: number;
    /** For one call of a client, with the retries in it: then the client itself is replaced. */
    readonly call: number;
}

export const CLIENT_LIMITS: ClientLimits = {
    connect: 8_000,
    request: 15_000,
    call: 40_000,
};

/**
 * How much longer kafkajs waits than our sockets, in milliseconds: a request that kafkajs gives up by itself leaves
 * the dead connection in use for the next one, and its errors do not name the reason.
 */
export const LEEWAY = 1_000;
