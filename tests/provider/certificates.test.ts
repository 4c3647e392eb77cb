import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type TLSSocket } from "node:tls";
import { certificate } from "../../provider/handlers/certificate.ts";
import { issuedAt } from "../../provider/handlers/renewal.ts";
import { rootCertificate } from "../../provider/handlers/rootCertificate.ts";
import type { IssuedCertificate } from "../../provider/x509.ts";
import { newCertificate, newRootCertificate } from "./fixtures.ts";

const DAY = 24 * 3600 * 1000;
const daysAgo = (days: number) => `${new Date(Date.now() - days * DAY).toISOString().slice(0, 19)}Z`;

/**
 * A TLS handshake of a server and a client that both trust `ca`.
 * @returns the common name of the client, as the server reads it
 */
async function handshake(
    server: IssuedCertificate,
    client: IssuedCertificate | undefined,
    ca: string,
): Promise<string> {
    const listener = createServer({
        cert: server.certificate,
        key: server.privateKey,
        ca,
        requestCert: true,
        rejectUnauthorized: true,
    });
    const accepted: TLSSocket[] = [];
    const answer = new Promise<string>((resolve, reject) => {
        listener.on("secureConnection", (socket) => {
            accepted.push(socket);
            resolve(String(socket.getPeerCertificate().subject.CN));
        });
        listener.on("tlsClientError", reject);
    });
    // A client that is rejected learns it from its socket too.
    answer.catch(() => undefined);
    await once(listener.listen(0, "127.0.0.1"), "listening");
    const { port } = listener.address() as AddressInfo;
    const socket = connect({
        port,
        host: "127.0.0.1",
        servername: "localhost",
        ca,
        ...(client && { cert: client.certificate, key: client.privateKey }),
    });
    const failed = new Promise<never>((_, reject) => socket.on("error", reject));
    failed.catch(() => undefined);
    try {
        return await Promise.race([answer, failed]);
    } finally {
        socket.destroy();
        for (const other of accepted) {
            other.destroy();
        }
        listener.close();
    }
}

describe("a root certificate", () => {
    it("may sign certificates of servers and clients, but no further CA", async () => {
        const issued = new X509Certificate((await newRootCertificate()).certificate);
        assert.equal(issued.subject, "CN=cluster first\nO=demo");
        assert.equal(issued.ca, true);
        assert(issued.verify(issued.publicKey));
        assert.match(issued.toString(), /BEGIN CERTIFICATE/);
    });

    it("keeps its key when it is renewed, so that the certificates it has signed stay valid", async () => {
        const first = await newRootCertificate({ issuedAt: daysAgo(3000) });
        const renewed = { ...first, ...rootCertificate.check?.(first, first).inputs };
        assert.deepEqual(rootCertificate.diff(first, renewed), { changes: true, replaces: [] });
        const second = await rootCertificate.update!(first, renewed);
        assert.equal(second.privateKey, first.privateKey);
        assert(Date.parse(second.notAfter) > Date.parse(first.notAfter));
        const leaf = await newCertificate(first);
        assert(!certificate.diff(leaf, { ...leaf, caCertificate: second.certificate }).changes);
        assert.equal(await handshake(leaf, leaf, second.certificate), "brokers.unity-kafka");
    });
});

describe("a root certificate of an older version of this program", () => {
    it("is not replaced for want of its Project in the subject, and keeps its subject when it is renewed", async () => {
        const { organization: _none, ...inputs } = await newRootCertificate({ organization: "" });
        const former = inputs as typeof inputs & { organization: string };
        assert.equal(new X509Certificate(former.certificate).subject, "CN=cluster first");
        const today = { ...former, organization: "demo" };
        const checked = { ...today, ...rootCertificate.check(today, former).inputs };
        assert.deepEqual(rootCertificate.diff(former, checked), { changes: false, replaces: [] });

        const leaf = await newCertificate(former);
        const due = { ...former, issuedAt: daysAgo(3000) };
        const renewal = { ...due, organization: "demo", ...rootCertificate.check(today, due).inputs };
        assert.equal(rootCertificate.diff(due, renewal).changes, true);
        const renewed = await rootCertificate.update(due, renewal);
        assert.equal(new X509Certificate(renewed.certificate).subject, "CN=cluster first");
        assert.equal(await handshake(leaf, leaf, renewed.certificate), "brokers.unity-kafka");
    });
});

describe("a certificate", () => {
    it("names its holder and its hosts, and lets a server and a client authenticate each other", async () => {
        const ca = await newRootCertificate();
        const server = await newCertificate(ca);
        const issued = new X509Certificate(server.certificate);
        assert.equal(issued.subjectAltName, "DNS:localhost, DNS:*.kafka-brokers.demo.svc");
        assert.equal(issued.ca, false);
        assert(issued.checkIssued(new X509Certificate(ca.certificate)));
        assert(server.privateKey.startsWith("-----BEGIN PRIVATE KEY-----\n"));
        const client = await newCertificate(ca, { commonName: "loader", dnsNames: [], usages: ["client"] });
        assert.equal(await handshake(server, client, ca.certificate), "loader");
    });

    it("is rejected where another CA is trusted, and so is a client without one", async () => {
        const ca = await newRootCertificate();
        const server = await newCertificate(ca);
        const stranger = await newCertificate(await newRootCertificate(), {
            usages: ["client"],
            dnsNames: [],
        });
        await assert.rejects(handshake(server, stranger, ca.certificate));
        await assert.rejects(handshake(server, undefined, ca.certificate));
    });

    it("of the old and of the new CA is accepted during a CA rotation", async () => {
        const first = await newRootCertificate();
        const second = await newRootCertificate({ commonName: "cluster second" });
        const both = first.certificate + second.certificate;
        const server = await newCertificate(second);
        const old = await newCertificate(first, { commonName: "loader", dnsNames: [], usages: ["client"] });
        assert.equal(await handshake(server, old, both), "loader");
        assert(certificate.diff(old, { ...old, caCertificate: second.certificate }).changes);
    });

    it("never expires after its CA", async () => {
        const ca = await newRootCertificate({ days: 40 });
        assert.equal((await newCertificate(ca)).notAfter, ca.notAfter);
    });

    it("keeps its time of issue until its renewal is due", () => {
        const lifetime = { days: 100, renewAt: 0.6 };
        const [issued, day] = ["2026-01-01T00:00:00Z", (n: number) => Date.UTC(2026, 0, 1 + n)];
        assert.equal(issuedAt(issued, lifetime, day(59)), issued);
        assert.equal(issuedAt(issued, lifetime, day(61)), "2026-03-03T00:00:00Z");
        assert.equal(issuedAt(undefined, lifetime, day(1)), "2026-01-02T00:00:00Z");
    });

    it("is renewed when it is due or its subject changes, and for no other reason", async () => {
        const current = await newCertificate(await newRootCertificate());
        assert.deepEqual(certificate.diff(current, current), { changes: false, replaces: [] });
        for (const differing of [
            // What a preview does not know yet.
            { caCertificate: undefined },
            { commonName: "other" },
            { dnsNames: ["other"] },
            { usages: ["client" as const] },
            { days: 10 },
            { issuedAt: daysAgo(1) },
        ]) {
            assert.deepEqual(
                certificate.diff(current, { ...current, ...differing }),
                { changes: true, replaces: [] },
                JSON.stringify(differing),
            );
        }
        assert(!certificate.diff(current, { ...current, renewAt: 0.5 }).changes);
    });
});
