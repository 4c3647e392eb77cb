/** How long a client of Kafka waits before it takes another connection, each in milliseconds. */
export interface ClientLimits {
    /** Until a connection stands, with everything below it: the tunnel and the TLS handshake. */
    readonly connect: number;
    /** For the answer to one request. */
    readonly request: number;
    /** Without one byte from a broker that owes an answer: then its connection is dead. */
    readonly silence: number;
    /** For one call of a client, with the retries in it: then the client itself is replaced. */
    readonly call: number;
}

export const CLIENT_LIMITS: ClientLimits = {
    connect: 8_000,
    request: 15_000,
    silence: 20_000,
    call: 30_000,
};

/** Something took longer than its limit; what it still does has no effect. */
export class TimeLimitError extends Error {
    constructor(milliseconds: number) {
        super(`no answer within ${milliseconds / 1000} s`);
        this.name = "TimeLimitError";
    }
}
