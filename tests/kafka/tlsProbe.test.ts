import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { probe } from "../../kafka/admin/tlsProbe.ts";
import { newCertificate, newRootCertificate } from "../provider/fixtures.ts";

describe("the probe of a TLS server", () => {
    const servers: Server[] = [];
    const sockets = new Set<Socket>();
    let authority: Awaited<ReturnType<typeof newRootCertificate>>;

    before(async () => {
        authority = await newRootCertificate();
    });
    after(() => {
        for (const socket of sockets) {
            socket.destroy();
        }
        for (const server of servers) {
            server.close();
        }
    });

    async function portOf(server: Server): Promise<number> {
        servers.push(server);
        server.on("connection", (socket: Socket) => {
            sockets.add(socket);
            socket.on("error", () => undefined);
        });
        await once(server.listen(0, "127.0.0.1"), "listening");
        return (server.address() as AddressInfo).port;
    }

    async function tlsServer(differing: Parameters<typeof newCertificate>[1] = {}): Promise<number> {
        const { certificate, privateKey } = await newCertificate(authority, differing);
        const server = createTlsServer({ cert: certificate, key: privateKey });
        server.on("tlsClientError", () => undefined);
        return portOf(server);
    }

    it("finds nothing wrong with a server whose certificate is valid", async () => {
        const port = await tlsServer();
        assert.equal(await probe(`localhost:${port}`, { ca: authority.certificate }), undefined);
    });

    it("does not trust a certificate of an unknown CA, and names the setting for it", async () => {
        const port = await tlsServer();
        const other = await newRootCertificate();
        for (const ca of [other.certificate, undefined]) {
            const refusal = await probe(`localhost:${port}`, { ca });
            assert.equal(refusal?.kind, "untrusted");
            assert.match(refusal.hint, /^Set ikp\.\w+ to/);
        }
    });

    it("does not trust an expired certificate, and asks for a renewed one", async () => {
        const port = await tlsServer({ days: 0 });
        const refusal = await probe(`localhost:${port}`, { ca: authority.certificate });
        assert.deepEqual(refusal, {
            kind: "untrusted",
            reason: "certificate has expired",
            hint: "Have its operators renew the certificate",
        });
    });

    it("does not trust a certificate for another name, and asks for that name", async () => {
        const port = await tlsServer({ dnsNames: ["ikp.example"] });
        const refusal = await probe(`localhost:${port}`, { ca: authority.certificate });
        assert.equal(refusal?.kind, "untrusted");
        assert.match(refusal.reason, /ikp\.example/);
        assert.match(refusal.hint, /^Use a name that is in its certificate/);
    });

    it("does not trust a server without TLS", async () => {
        const port = await portOf(createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")));
        const refusal = await probe(`localhost:${port}`, { ca: authority.certificate });
        assert.equal(refusal?.kind, "untrusted");
        assert.match(refusal.hint, /^Name a port with TLS/);
    });

    it("finds a closed port unreachable", async () => {
        const closed = createServer();
        const port = await portOf(closed);
        await new Promise((resolve) => closed.close(resolve));
        const refusal = await probe(`localhost:${port}`, {});
        assert.equal(refusal?.kind, "unreachable");
        assert.match(refusal.reason, /ECONNREFUSED/);
    });

    it("finds a port that says nothing unreachable, within its time limit", async () => {
        const port = await portOf(createServer());
        const refusal = await probe(`localhost:${port}`, {}, 100);
        assert.deepEqual({ ...refusal, hint: "" }, { kind: "unreachable", reason: "no answer", hint: "" });
    });
});
