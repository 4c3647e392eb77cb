import { withTimeLimit } from "../../common/abort.ts";
import type { KafkaAddress } from "../client/kafkajs.ts";
import { CLIENT_LIMITS, type ClientLimits } from "../limits.ts";
import { type BrokerConnection, connectTo, type ProtocolRequest } from "./protocol.ts";

/** There is always somebody waiting for the answer to such a request. */
const LIMITS: ClientLimits = { ...CLIENT_LIMITS, request: 10_000 };
/** Errors that say that a broker did not answer: another one may. */
const SILENCES = new Set([
    "KafkaJSConnectionClosedError",
    "KafkaJSConnectionError",
    "KafkaJSRequestTimeoutError",
    "TimeLimitError",
]);

/** Connections for requests of our own, one to a broker, that all requests share. Each is there until it fails. */
export class SharedConnections {
    readonly #address: KafkaAddress;
    readonly #limits: ClientLimits;
    /** In the order in which they are asked: one that did not answer is the last. */
    #brokers: readonly string[];
    readonly #connections = new Map<string, Promise<BrokerConnection>>();

    constructor(address: KafkaAddress) {
        this.#address = address;
        this.#limits = address.limits ?? LIMITS;
        this.#brokers = address.brokers;
    }

    /**
     * Asks one broker: the first that answers.
     * @throws KafkaJSConnectionError, KafkaJSRequestTimeoutError or TimeLimitError when none does; KafkaJSSASLAuthenticationError when it refuses the login
     */
    async ask<Answer>(request: ProtocolRequest<Answer>): Promise<Answer> {
        let failure: unknown = new Error("there is no broker to ask");
        for (const broker of this.#brokers) {
            try {
                return await this.askBroker(broker, request);
            } catch (error) {
                failure = error;
                if (!isSilence(error)) {
                    break;
                }
                this.#brokers = [...this.#brokers.filter((other) => other !== broker), broker];
            }
        }
        throw failure;
    }

    /**
     * Asks this broker.
     * @param broker host:port
     * @throws as `ask` does
     */
    async askBroker<Answer>(broker: string, request: ProtocolRequest<Answer>): Promise<Answer> {
        let opening = this.#connection(broker);
        const answer = async () => {
            let connection = await opening;
            // A broker closes what was not used for a while.
            if (!connection.isConnected()) {
                this.#drop(broker, opening);
                opening = this.#connection(broker);
                connection = await opening;
            }
            return connection.ask(request);
        };
        try {
            return await withTimeLimit(answer(), this.#limits.call);
        } catch (error) {
            if (isSilence(error)) {
                this.#drop(broker, opening);
            }
            throw error;
        }
    }

    async close(): Promise<void> {
        const all = [...this.#connections.values()];
        this.#connections.clear();
        await Promise.allSettled(all.map(async (opening) => (await opening).close()));
    }

    #connection(broker: string): Promise<BrokerConnection> {
        const known = this.#connections.get(broker);
        if (known) {
            return known;
        }
        const opening = connectTo(this.#address, broker, this.#limits);
        this.#connections.set(broker, opening);
        opening.catch(() => this.#drop(broker, opening));
        return opening;
    }

    #drop(broker: string, opening: Promise<BrokerConnection>): void {
        // Another request may have dropped it before.
        if (this.#connections.get(broker) === opening) {
            this.#connections.delete(broker);
            // May wait for ever itself.
            opening.then((connection) => connection.close()).catch(() => undefined);
        }
    }
}

/** One request, with a connection of its own. See `SharedConnections`. */
export async function ask<Answer>(address: KafkaAddress, request: ProtocolRequest<Answer>): Promise<Answer> {
    const connections = new SharedConnections(address);
    try {
        return await connections.ask(request);
    } finally {
        await connections.close();
    }
}

function isSilence(error: unknown): boolean {
    return error instanceof Error && SILENCES.has(error.name);
}
