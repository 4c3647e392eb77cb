import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { reasonOf } from "../../kafka/errors.ts";
import type { Dialler } from "../../kafka/kubernetes/socketFactory.ts";
import { forwardingSocketFactory, kubernetesDialler } from "../../kafka/kubernetes/socketFactory.ts";
import { FakeTunnel } from "./fakeTunnel.ts";

describe("forwardingSocketFactory", () => {
    it("connects to the pod behind a broker's name", async () => {
        const dialled: unknown[] = [];
        const tunnel = new FakeTunnel();
        const dialler: Dialler = (...place) => {
            dialled.push(place);
            return tunnel.dial;
        };
        let connects = 0;
        const socket = forwardingSocketFactory(dialler)({
            host: "kafka-1.kafka-brokers.unity-demo.svc.cluster.local",
            port: 9092,
            onConnect: () => connects++,
        });
        assert.equal(connects, 0);
        await once(socket, "connect");
        assert.deepEqual(dialled, [["unity-demo", "kafka-1", 9092]]);
        assert.equal(connects, 1);
        socket.destroy();
    });

    it("dials nobody for a name that is no broker's", () => {
        const factory = forwardingSocketFactory(() => assert.fail("dialled"));
        const request = { host: "127.0.0.1", port: 9092, onConnect: () => assert.fail("connected") };
        assert.throws(() => factory(request), /"127.0.0.1" is not the name of a broker/);
    });

    it("speaks TLS through the tunnel when asked to", async () => {
        const tunnel = new FakeTunnel();
        const host = "kafka-0.kafka-brokers.demo.svc.cluster.local";
        const socket = forwardingSocketFactory(() => tunnel.dial)({
            host,
            port: 9092,
            ssl: {},
            onConnect: () => assert.fail("connected without a handshake"),
        });
        while (tunnel.sent.length === 0) {
            await new Promise((resolve) => setImmediate(resolve));
        }
        const hello = tunnel.sent[0] ?? Buffer.alloc(0);
        assert.equal(hello[1], 0x16, "a TLS handshake record");
        assert.ok(hello.includes(host), "names the broker, so that its certificate is checked for this name");
        socket.on("error", () => undefined);
        socket.destroy();
    });
});

describe("kubernetesDialler", () => {
    it("gives up on an API server that takes the connection and says nothing", async () => {
        const server = createServer((socket) => socket.on("error", () => undefined).resume());
        await once(server.listen(0, "127.0.0.1"), "listening");
        const { port } = server.address() as AddressInfo;
        const config = new KubeConfig();
        config.loadFromClusterAndUser(
            { name: "mute", server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
            { name: "somebody" },
        );
        const dial = kubernetesDialler(config, () => assert.fail("denied"), 100)("demo", "kafka-0", 9092);
        try {
            const fail = () => assert.fail("opened");
            await assert.rejects(dial(fail, fail), (error) =>
                /handshake has timed out/.test(reasonOf(error)),
            );
        } finally {
            server.close();
        }
    });
});
