import { Duplex } from "node:stream";

/** The channel of Kubernetes' port-forward protocol that carries data, in the first byte of every frame. */
const DATA = 0;
/** Longest that Kafka may owe us an answer before the tunnel counts as dead, in milliseconds. */
const SILENCE_LIMIT = 20_000;

/** The part of a WebSocket (package ws) that a tunnel needs. */
export interface TunnelEnd {
    send(frame: Buffer, done: (error?: Error | null) => void): void;
    pause(): void;
    resume(): void;
    close(): void;
    terminate(): void;
    on(event: "close", listener: () => void): unknown;
    on(event: "error", listener: (error: Error) => void): unknown;
}

/** Opens a tunnel into a pod; `onData` gets what comes out of it, `onRefusal` why the pod would not have it. */
export type Dial = (
    onData: (data: Buffer) => void,
    onRefusal: (reason: string) => void,
) => Promise<TunnelEnd>;

/**
 * A connection into a pod through the Kubernetes API that looks like a TCP socket: it opens no port on this
 * machine. client-node's PortForward only opens it: by itself it knows no backpressure and no end, so that who
 * waits on a pod that died waits for ever.
 */
export class ForwardedSocket extends Duplex {
    readonly #target: string;
    readonly #silenceLimit: number;
    readonly #watch: NodeJS.Timeout;
    #tunnel: TunnelEnd | undefined;
    #connected: (() => void) | undefined;
    #paused = false;
    #owedSince: number | undefined;

    /**
     * @param target what is connected to, for messages
     * @param silenceLimit how long an answer may be owed, in milliseconds; default 20 s
     */
    constructor(target: string, dial: Dial, silenceLimit = SILENCE_LIMIT) {
        super({ allowHalfOpen: false });
        this.#target = target;
        this.#silenceLimit = silenceLimit;
        this.#watch = setInterval(() => this.#checkSilence(), Math.min(1_000, silenceLimit)).unref();
        dial(
            (data) => this.#receive(data),
            (reason) => this.#refused(reason),
        ).then(
            (tunnel) => this.#opened(tunnel),
            (error: unknown) => this.destroy(this.#failure(error)),
        );
    }

    #opened(tunnel: TunnelEnd): void {
        if (this.destroyed) {
            tunnel.terminate();
            return;
        }
        this.#tunnel = tunnel;
        tunnel.on("close", () => this.push(null));
        tunnel.on("error", (error) => this.destroy(this.#failure(error)));
        this.emit("connect");
        this.#connected?.();
    }

    #receive(data: Buffer): void {
        if (this.destroyed || data.length === 0) {
            return;
        }
        this.#owedSince = undefined;
        if (!this.push(data)) {
            this.#paused = true;
            this.#tunnel?.pause();
        }
    }

    /** The API accepts a tunnel before it knows whether anyone listens in the pod; it says so afterwards. */
    #refused(reason: string): void {
        // Every tunnel opens with an empty one.
        if (reason !== "") {
            this.destroy(this.#failure(reason));
        }
    }

    override _read(): void {
        if (this.#paused) {
            this.#paused = false;
            this.#tunnel?.resume();
        }
    }

    override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
        const tunnel = this.#tunnel;
        if (tunnel === undefined) {
            this.#connected = () => this._write(chunk, _encoding, done);
            return;
        }
        const frame = Buffer.allocUnsafe(chunk.length + 1);
        frame[0] = DATA;
        chunk.copy(frame, 1);
        this.#owedSince ??= Date.now();
        tunnel.send(frame, done);
    }

    override _final(done: (error?: Error | null) => void): void {
        this.#tunnel?.close();
        // There is no half-closed tunnel: who stops writing is through with reading as well.
        this.push(null);
        done();
        this.destroy();
    }

    override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
        clearInterval(this.#watch);
        this.#tunnel?.terminate();
        done(error);
    }

    /** A node that vanished closes nothing: without this, requests would go on into the dead tunnel. */
    #checkSilence(): void {
        if (
            !this.#paused &&
            this.#owedSince !== undefined &&
            Date.now() - this.#owedSince > this.#silenceLimit
        ) {
            this.destroy(this.#failure(`no answer for ${this.#silenceLimit / 1000} s`));
        }
    }

    #failure(error: unknown): Error {
        const { message } = error instanceof Object && "message" in error ? error : { message: error };
        return new Error(`${this.#target}: ${String(message).replace(/\s+/g, " ").trim()}`);
    }

    // What a TCP socket has besides and its users call; a tunnel has its own watch instead.
    setKeepAlive(): this {
        return this;
    }
    setNoDelay(): this {
        return this;
    }
    setTimeout(): this {
        return this;
    }
    ref(): this {
        return this;
    }
    unref(): this {
        return this;
    }
}
