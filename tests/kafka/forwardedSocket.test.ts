import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { ForwardedSocket } from "../../kafka/kubernetes/forwardedSocket.ts";
import { FakeTunnel } from "./fakeTunnel.ts";

async function connected(silenceLimit?: number): Promise<{ socket: ForwardedSocket; tunnel: FakeTunnel }> {
    const tunnel = new FakeTunnel();
    const socket = new ForwardedSocket("demo/kafka-0:9092", tunnel.dial, silenceLimit);
    await once(socket, "connect");
    return { socket, tunnel };
}

describe("ForwardedSocket", () => {
    it("sends each write as a frame on the data channel", async () => {
        const { socket, tunnel } = await connected();
        socket.write(Buffer.from("abc"), "binary");
        socket.write(Buffer.from("d"), "binary");
        assert.deepEqual(tunnel.sent, [Buffer.from("\0abc"), Buffer.from("\0d")]);
        socket.destroy();
    });

    it("keeps what is written before it is connected", async () => {
        const tunnel = new FakeTunnel();
        const socket = new ForwardedSocket("x", tunnel.dial);
        socket.write(Buffer.from("early"));
        assert.deepEqual(tunnel.sent, []);
        await once(socket, "connect");
        assert.deepEqual(tunnel.sent, [Buffer.from("\0early")]);
        socket.destroy();
    });

    it("does not take the next write before the tunnel is through with this one", async () => {
        const { socket, tunnel } = await connected();
        tunnel.holdBack = [];
        socket.write(Buffer.from("a"));
        socket.write(Buffer.from("b"));
        assert.equal(tunnel.sent.length, 1);
        tunnel.holdBack[0]?.();
        await sleep(1);
        assert.equal(tunnel.sent.length, 2);
        socket.destroy();
    });

    it("holds the tunnel back while nobody reads", async () => {
        const { socket, tunnel } = await connected();
        tunnel.deliver(Buffer.alloc(1024 * 1024));
        assert.deepEqual(tunnel.calls, ["pause"]);
        socket.read();
        await sleep(1);
        assert.deepEqual(tunnel.calls, ["pause", "resume"]);
        socket.destroy();
    });

    it("ends when the tunnel closes", async () => {
        const { socket, tunnel } = await connected();
        const received: Buffer[] = [];
        socket.on("data", (data: Buffer) => received.push(data));
        tunnel.deliver(Buffer.from("last words"));
        tunnel.emit("close");
        await once(socket, "end");
        assert.deepEqual(Buffer.concat(received), Buffer.from("last words"));
    });

    it("fails when the pod cannot be dialled", async () => {
        const socket = new ForwardedSocket("demo/kafka-7:9092", () =>
            Promise.reject(new Error("response: 404")),
        );
        const [error] = (await once(socket, "error")) as [Error];
        assert.equal(error.message, "demo/kafka-7:9092: response: 404");
    });

    it("fails when nobody listens in the pod, and not on the empty refusal that opens every tunnel", async () => {
        const { socket, tunnel } = await connected();
        tunnel.refuse("");
        assert.equal(socket.destroyed, false);
        tunnel.refuse("connect: connection\nrefused");
        const [error] = (await once(socket, "error")) as [Error];
        assert.equal(error.message, "demo/kafka-0:9092: connect: connection refused");
        assert.deepEqual(tunnel.calls, ["terminate"]);
    });

    it("fails when an answer is owed for too long", async () => {
        const { socket } = await connected(20);
        socket.write(Buffer.from("question"));
        const [error] = (await once(socket, "error")) as [Error];
        assert.match(error.message, /no answer for 0.02 s/);
    });

    it("may be silent when nothing is owed", async () => {
        const { socket, tunnel } = await connected(20);
        socket.resume();
        socket.write(Buffer.from("question"));
        tunnel.deliver(Buffer.from("answer"));
        await sleep(80);
        assert.equal(socket.destroyed, false);
        socket.destroy();
    });

    it("closes the tunnel when it is ended, also when it opens only later", async () => {
        const { socket, tunnel } = await connected();
        socket.end();
        await once(socket, "close");
        assert.deepEqual(tunnel.calls, ["close", "terminate"]);

        const late = new FakeTunnel();
        let open: () => void = () => undefined;
        const gate = new Promise<void>((resolve) => {
            open = resolve;
        });
        const ended = new ForwardedSocket("x", async (onData, onRefusal) => {
            await gate;
            return late.dial(onData, onRefusal);
        });
        ended.end();
        await once(ended, "close");
        open();
        await sleep(1);
        assert.deepEqual(late.calls, ["terminate"]);
    });

    it("has the calls of a TCP socket that kafkajs makes", async () => {
        const { socket } = await connected();
        for (const call of ["setKeepAlive", "setNoDelay", "setTimeout", "ref", "unref"] as const) {
            assert.equal(socket[call](), socket);
        }
        socket.destroy();
    });
});
