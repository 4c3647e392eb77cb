import { once } from "node:events";
import { createRequire } from "node:module";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import type { Encoder } from "../../kafka/admin/protocol.ts";
import type { Dial } from "../../kafka/kubernetes/forwardedSocket.ts";

/** A step at which a connection stops getting anywhere. */
export type Step =
    | "dial" // the tunnel never opens
    | "handshake" // it opens, and nothing answers to TLS
    | "apiVersions"
    | "metadata"
    | "request" // only later requests get no answer
    | "close" // closed during the handshake
    | "refusal"; // the tunnel says that nobody listens

interface FullEncoder extends Encoder {
    readonly buffer: Buffer;
    writeInt64(value: number): FullEncoder;
}
const EncoderClass = createRequire(import.meta.url)("kafkajs/src/protocol/encoder") as new () => FullEncoder;

const HOST = "kafka-0.kafka-brokers.demo.svc.cluster.local";
const KEYS = {
    produce: 0,
    listOffsets: 2,
    metadata: 3,
    apiVersions: 18,
    deleteTopics: 20,
    initProducerId: 22,
    describeClientQuotas: 48,
};
/** The steps at which requests are answered. A client that knows the versions does not ask for them again. */
const ANSWERED: readonly Step[] = ["apiVersions", "metadata", "request"];
/** The newest version of each request that it knows. */
const VERSIONS: Record<number, number> = { 0: 3, 2: 1, 3: 1, 18: 2, 20: 0, 22: 0 };

/** A broker behind a tunnel, with one topic of one partition, that can fall silent. */
export class FakeBroker {
    static readonly address = `${HOST}:9092`;
    static readonly topic = "orders";
    readonly #sockets = new Set<Socket>();
    readonly #tls: ReturnType<typeof createTlsServer>;
    readonly #door: ReturnType<typeof createServer>;
    #step: Step | undefined;
    #silentConnections = 0;
    /** Connections that met the silence. */
    met = 0;
    produced = 0;
    /** Tunnels that were opened to it. */
    dialled = 0;

    constructor(certificate: string, privateKey: string) {
        this.#tls = createTlsServer({ cert: certificate, key: privateKey }, (socket) => this.#serve(socket));
        this.#tls.on("tlsClientError", () => undefined);
        this.#door = createServer((socket) => {
            this.#sockets.add(socket);
            socket.on("error", () => undefined);
            socket.once("close", () => this.#sockets.delete(socket));
            if (this.#meets("handshake")) {
                socket.resume();
            } else if (this.#meets("close")) {
                socket.once("data", () => socket.end());
            } else {
                this.#tls.emit("connection", socket);
            }
        });
    }

    async start(): Promise<void> {
        await once(this.#door.listen(0, "127.0.0.1"), "listening");
    }

    /** All connections end, and the next ones meet silence at a step. */
    fallSilent(step: Step, connections: number): void {
        this.#step = step;
        this.#silentConnections = connections;
        this.met = 0;
        for (const socket of this.#sockets) {
            socket.end();
        }
    }

    stop(): void {
        this.#door.close();
        for (const socket of this.#sockets) {
            socket.destroy();
        }
    }

    readonly dial: Dial = async (onData, onRefusal) => {
        this.dialled++;
        if (this.#meets("dial")) {
            return new Promise(() => undefined);
        }
        const socket = connect({ port: (this.#door.address() as AddressInfo).port, host: "127.0.0.1" });
        await once(socket, "connect");
        socket.on("data", onData);
        if (this.#meets("refusal")) {
            setImmediate(() => onRefusal("connection refused"));
        }
        return {
            send: (frame, done) => void socket.write(frame.subarray(1), done),
            pause: () => socket.pause(),
            resume: () => socket.resume(),
            close: () => socket.end(),
            terminate: () => socket.destroy(),
            on: (event: "close" | "error", listener: (error: Error) => void) =>
                socket.on(event, listener as () => void),
        };
    };

    #meets(step: Step): boolean {
        if (this.#step !== step || this.#silentConnections === 0) {
            return false;
        }
        this.#silentConnections--;
        this.met++;
        return true;
    }

    #serve(socket: TLSSocket): void {
        const silentAt = ANSWERED.find((step) => this.#meets(step));
        let received = Buffer.alloc(0);
        socket.on("error", () => undefined);
        socket.on("data", (data) => {
            received = Buffer.concat([received, data]);
            while (received.length >= 4 && received.length >= 4 + received.readInt32BE()) {
                const request = received.subarray(4, 4 + received.readInt32BE());
                received = received.subarray(4 + request.length);
                const key = request.readInt16BE();
                if (silentAt !== undefined && ANSWERED.indexOf(stepOf(key)) >= ANSWERED.indexOf(silentAt)) {
                    return;
                }
                const body = this.#answer(key, request.readInt16BE(2));
                const header = Buffer.alloc(8);
                header.writeInt32BE(body.length + 4);
                request.copy(header, 4, 4, 8);
                socket.write(Buffer.concat([header, body]));
            }
        });
    }

    #answer(key: number, version: number): Buffer {
        const to = new EncoderClass();
        const { topic } = FakeBroker;
        switch (key) {
            case KEYS.apiVersions: {
                const known = Object.entries(VERSIONS).map(([api, newest]) =>
                    new EncoderClass().writeInt16(Number(api)).writeInt16(0).writeInt16(newest),
                );
                to.writeInt16(0).writeArray(known);
                if (version > 0) {
                    to.writeInt32(0);
                }
                break;
            }
            case KEYS.metadata: {
                const broker = new EncoderClass().writeInt32(0).writeString(HOST).writeInt32(9092);
                const partition = new EncoderClass().writeInt16(0).writeInt32(0).writeInt32(0);
                partition.writeArray([0]).writeArray([0]);
                const described = new EncoderClass().writeInt16(0).writeString(topic).writeBoolean(false);
                to.writeArray([broker.writeString(null)]).writeInt32(0);
                to.writeArray([described.writeArray([partition])]);
                break;
            }
            case KEYS.initProducerId:
                to.writeInt32(0).writeInt16(0);
                to.writeInt64(7).writeInt16(0);
                break;
            case KEYS.describeClientQuotas:
                to.writeInt32(0).writeInt16(0).writeString(null).writeArray([]);
                break;
            case KEYS.deleteTopics:
                to.writeArray([new EncoderClass().writeString(topic).writeInt16(0)]);
                break;
            case KEYS.produce: {
                const partition = new EncoderClass();
                partition.writeInt32(0).writeInt16(0);
                partition.writeInt64(this.produced++).writeInt64(-1);
                to.writeArray([new EncoderClass().writeString(topic).writeArray([partition])]).writeInt32(0);
                break;
            }
            default: {
                const partition = new EncoderClass();
                partition.writeInt32(0).writeInt16(0);
                partition.writeInt64(-1).writeInt64(42);
                to.writeArray([new EncoderClass().writeString(topic).writeArray([partition])]);
            }
        }
        return to.buffer;
    }
}

function stepOf(key: number): Step {
    if (key === KEYS.apiVersions) {
        return "apiVersions";
    }
    return key === KEYS.metadata ? "metadata" : "request";
}
