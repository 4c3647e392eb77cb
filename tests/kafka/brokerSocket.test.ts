import assert from "node:assert/strict";
import { once } from "node:events";
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { boundedSocketFactory } from "../../kafka/client/brokerSocket.ts";

const LIMITS = { connect: 100, request: 200, call: 1_000 };

/** What is below, played by a test. */
class FakeSocket extends Duplex {
    readonly written: Buffer[] = [];
    connect: () => void = () => undefined;

    override _read(): void {}
    override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
        this.written.push(chunk);
        done();
    }
    unref(): void {}
}

function open(): { below: FakeSocket; socket: Socket; connects: () => number } {
    const below = new FakeSocket();
    let connects = 0;
    const factory = boundedSocketFactory(({ onConnect }) => {
        below.connect = onConnect;
        return below as unknown as Socket;
    }, LIMITS);
    const socket = factory({ host: "kafka", port: 9092, onConnect: () => connects++ });
    return { below, socket, connects: () => connects };
}

async function errorOf(socket: Socket): Promise<string> {
    const [error] = (await once(socket, "error", { signal: AbortSignal.timeout(1_000) })) as [Error];
    return error.message;
}

function answer(bytes: number): Buffer {
    const frame = Buffer.alloc(4 + bytes);
    frame.writeInt32BE(bytes);
    return frame;
}

describe("the socket that kafkajs gets", () => {
    it("fails when there is no connection in time", async () => {
        const { below, socket, connects } = open();
        assert.equal(await errorOf(socket), "no connection within 0.1 s");
        assert.equal(below.destroyed, true);
        below.connect();
        assert.equal(connects(), 0, "a connection that comes too late is none");
    });

    it("fails when the broker closes the connection before it stands", async () => {
        const { below, socket } = open();
        socket.on("end", assert.fail);
        below.push(null);
        assert.equal(await errorOf(socket), "closed by the broker");
    });

    it("ends when the broker closes the connection while it is in use, and fails at the next request", async () => {
        const { below, socket } = open();
        below.connect();
        below.push(null);
        await once(socket, "end", { signal: AbortSignal.timeout(1_000) });
        socket.write(Buffer.from("late"), "binary");
        assert.equal(await errorOf(socket), "closed before the request");
    });

    for (const connected of [false, true]) {
        const when = connected ? "while it is in use" : "before it stands";
        it(`fails when the connection vanishes without a word ${when}`, async () => {
            const { below, socket } = open();
            if (connected) {
                below.connect();
            }
            below.destroy();
            assert.equal(await errorOf(socket), "closed");
        });
    }

    it("fails when one of several answers is missing, even after others came in pieces", async () => {
        const { below, socket } = open();
        below.connect();
        socket.write(Buffer.from("first"), "binary");
        socket.write(Buffer.from("second"), "binary");
        for (const byte of answer(3)) {
            below.push(Buffer.from([byte]));
        }
        assert.equal(await errorOf(socket), "no answer for 0.2 s");
    });

    it("may be silent when every request is answered", async () => {
        const { below, socket } = open();
        socket.on("error", assert.fail);
        below.connect();
        socket.write(Buffer.from("first"), "binary");
        socket.write(Buffer.from("second"), "binary");
        below.push(Buffer.concat([answer(3), answer(0)]));
        await sleep(2 * LIMITS.request);
        assert.equal(below.destroyed, false);
        socket.end();
    });

    it("fails when it is closed with a request on its way, and at each request after that", async () => {
        const { below, socket } = open();
        below.connect();
        socket.write(Buffer.from("first"), "binary");
        socket.end();
        assert.equal(await errorOf(socket), "closed while it was in use");
        socket.write(Buffer.from("second"), "binary");
        assert.equal(await errorOf(socket), "closed before the request");
    });

    it("says nothing more after kafkajs has closed it in order", async () => {
        const { below, socket } = open();
        for (const event of ["error", "end", "data"]) {
            socket.on(event, assert.fail);
        }
        below.connect();
        socket.end();
        below.push(answer(3));
        below.push(null);
        await sleep(2 * LIMITS.connect);
        assert.equal(below.destroyed, true);
    });

    it("settles what kafkajs waits for when the connection ends before it stands", async () => {
        const Connection = createRequire(import.meta.url)("kafkajs/src/network/connection") as new (
            options: object,
        ) => { connect(): Promise<unknown> };
        const quiet = { debug: () => undefined, error: () => undefined, namespace: () => quiet };
        const connection = new Connection({
            host: "kafka",
            port: 9092,
            logger: quiet,
            connectionTimeout: 10_000,
            requestTimeout: 10_000,
            socketFactory: boundedSocketFactory(() => {
                const below = new FakeSocket();
                setImmediate(() => below.push(null));
                return below as unknown as Socket;
            }, LIMITS),
        });
        await assert.rejects(connection.connect(), /closed by the broker/);
    });
});
