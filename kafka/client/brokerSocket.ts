import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import type { SocketRequest } from "../kubernetes/socketFactory.ts";
import { CLIENT_LIMITS, type ClientLimits } from "../limits.ts";

export type SocketFactory = (request: SocketRequest) => Socket;

/**
 * Makes a socket factory safe for kafkajs: each of its sockets connects and answers within its limits, or fails with
 * an error. See `BrokerSocket`.
 */
export function boundedSocketFactory(
    open: SocketFactory,
    limits: ClientLimits = CLIENT_LIMITS,
): SocketFactory {
    // kafkajs asks for a net.Socket but uses only what BrokerSocket has.
    return (request) => new BrokerSocket(open, request, limits) as unknown as Socket;
}

/**
 * The socket that kafkajs gets. kafkajs (2.2.4, `network/connection.js`) would wait for ever in these cases:
 *
 * - `end` before the connection stands: it stops its own clock and never settles `connect()`. Its caller
 *   keeps the lock of that broker, on which all others then wait.
 * - `end` after it has closed the socket itself, with a request that slipped in meanwhile: never settled.
 * - `close` alone: the connection stays "connected", and every request on it runs into its time limit.
 * - A socket that a request timed out on is used for the next request.
 *
 * So each way in which a connection can go wrong ends here in one `error`, and nothing is said after it. Only a broker
 * that closes a connection in use is an `end`: kafkajs rejects its requests, and a consumer keeps its membership. A
 * write after the end is an error again, because kafkajs may still take the connection for a good one.
 */
class BrokerSocket extends EventEmitter {
    readonly #socket: Socket;
    readonly #limits: ClientLimits;
    #clock: NodeJS.Timeout;
    #isConnected = false;
    #isOver = false;
    /** Requests without an answer; the broker answers in their order. */
    #owed = 0;
    #movedAt = 0;
    #headerBytes = 0;
    #missing = 0;

    constructor(open: SocketFactory, { onConnect, ...request }: SocketRequest, limits: ClientLimits) {
        super();
        this.#limits = limits;
        this.#clock = setTimeout(
            () => this.#fail(new Error(`no connection within ${limits.connect / 1000} s`)),
            limits.connect,
        );
        try {
            this.#socket = open({ ...request, onConnect: () => this.#connected(onConnect) });
        } catch (error) {
            clearTimeout(this.#clock);
            throw error;
        }
        this.#socket.on("data", (data: Buffer) => this.#receive(data));
        this.#socket.on("error", (error) => this.#fail(error));
        this.#socket.on("end", () => this.#ended());
        this.#socket.on("close", () => this.#fail(new Error("closed")));
    }

    write(data: Buffer, encoding: BufferEncoding): void {
        if (this.#isOver) {
            this.#report(new Error("closed before the request"));
            return;
        }
        if (this.#owed++ === 0) {
            this.#movedAt = Date.now();
            if (this.#isConnected) {
                this.#startClock(this.#limits.request);
            }
        }
        this.#socket.write(data, encoding);
    }

    /** Closes it. What is still waited for fails: nobody would hear of it any more. */
    end(): void {
        if (this.#isOver) {
            return;
        }
        if (!this.#isConnected || this.#owed > 0) {
            this.#fail(new Error("closed while it was in use"));
            return;
        }
        this.#over();
        this.#socket.end();
        // An orderly end waits for that of the other side, which may never come.
        this.#clock = setTimeout(() => this.#socket.destroy(), this.#limits.connect).unref();
    }

    unref(): void {
        this.#socket.unref();
    }

    #connected(onConnect: () => void): void {
        if (this.#isOver) {
            return;
        }
        clearTimeout(this.#clock);
        this.#isConnected = true;
        if (this.#owed > 0) {
            this.#startClock(this.#limits.request);
        }
        onConnect();
    }

    #receive(data: Buffer): void {
        if (this.#isOver) {
            return;
        }
        this.#movedAt = Date.now();
        this.#count(data);
        if (this.#owed === 0) {
            clearTimeout(this.#clock);
        }
        this.emit("data", data);
    }

    /** Counts the answers that are complete. Each is led by its length in four bytes. */
    #count(data: Buffer): void {
        for (let at = 0; at < data.length; ) {
            if (this.#headerBytes < 4) {
                this.#missing = this.#missing * 256 + data[at++]!;
                this.#headerBytes++;
            } else {
                const taken = Math.min(this.#missing, data.length - at);
                this.#missing -= taken;
                at += taken;
            }
            if (this.#headerBytes === 4 && this.#missing === 0) {
                this.#headerBytes = 0;
                this.#owed = Math.max(0, this.#owed - 1);
            }
        }
    }

    #startClock(milliseconds: number): void {
        clearTimeout(this.#clock);
        this.#clock = setTimeout(() => {
            const left = this.#movedAt + this.#limits.request - Date.now();
            if (left > 0) {
                this.#startClock(left);
            } else {
                this.#fail(new Error(`no answer for ${this.#limits.request / 1000} s`));
            }
        }, milliseconds);
    }

    #ended(): void {
        if (!this.#isConnected) {
            this.#fail(new Error("closed by the broker"));
        } else if (!this.#isOver) {
            this.#over();
            this.#socket.destroy();
            this.emit("end");
        }
    }

    #fail(error: Error): void {
        if (this.#isOver) {
            return;
        }
        this.#over();
        this.#socket?.destroy();
        this.#report(error);
    }

    #over(): void {
        this.#isOver = true;
        clearTimeout(this.#clock);
    }

    /** Later, as a socket does: kafkajs has not begun to listen, or is in the middle of something. */
    #report(error: Error): void {
        setImmediate(() => this.emit("error", error));
    }
}
