import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type TLSSocket } from "node:tls";
import { certificate } from "../../provider/handlers/certificate.ts";
import { certificateAuthority } from "../../provider/handlers/certificateAuthority.ts";
import { issuedAt } from "../../provider/renewal.ts";
import type { Pair } from "../../provider/x509.ts";
import { newAuthority, newCertificate } from "./fixtures.ts";

const DAY = 24 * 3600 * 1000;
const daysAgo = (days: number) => `${new Date(Date.now() - days * DAY).toISOString().slice(0, 19)}Z`;

/** What a server and a client with these make of each other: the client's name as the server sees it. */
async function handshake(server: Pair, client: Pair | undefined, ca: string): Promise<string> {
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
    // Whoever is refused is told so by the socket too.
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

describe("an authority", () => {
    it("may sign certificates of servers and clients, but no further authority", async () => {
        const made = new X509Certificate((await newAuthority()).certificate);
        assert.equal(made.subject, "CN=cluster first");
        assert.equal(made.ca, true);
        assert(made.verify(made.publicKey));
        assert.match(made.toString(), /BEGIN CERTIFICATE/);
    });

    it("keeps its key when it is renewed, so that what it has signed stays good", async () => {
        const first = await newAuthority({ issuedAt: daysAgo(3000) });
        const renewed = { ...first, issuedAt: issuedAt(first.issuedAt, first) };
        assert(certificateAuthority.changes(first, renewed));
        const second = await certificateAuthority.make(renewed, first);
        assert.equal(second.privateKey, first.privateKey);
        assert(Date.parse(second.notAfter) > Date.parse(first.notAfter));
        const leaf = await newCertificate(first);
        assert(!certificate.changes(leaf, { ...leaf, authorityCertificate: second.certificate }));
        assert.equal(await handshake(leaf, leaf, second.certificate), "brokers.unity-kafka");
    });
});

describe("a certificate", () => {
    it("names its holder and its hosts, and lets a server and a client know each other", async () => {
        const signer = await newAuthority();
        const server = await newCertificate(signer);
        const made = new X509Certificate(server.certificate);
        assert.equal(made.subjectAltName, "DNS:localhost, DNS:*.kafka-brokers.demo.svc");
        assert.equal(made.ca, false);
        assert(made.checkIssued(new X509Certificate(signer.certificate)));
        assert(server.privateKey.startsWith("-----BEGIN PRIVATE KEY-----\n"));
        const client = await newCertificate(signer, {
            commonName: "loader",
            dnsNames: [],
            usages: ["client"],
        });
        assert.equal(await handshake(server, client, signer.certificate), "loader");
    });

    it("is nothing to those who trust another authority, and none is not enough", async () => {
        const signer = await newAuthority();
        const server = await newCertificate(signer);
        const stranger = await newCertificate(await newAuthority(), { usages: ["client"], dnsNames: [] });
        await assert.rejects(handshake(server, stranger, signer.certificate));
        await assert.rejects(handshake(server, undefined, signer.certificate));
    });

    it("of either authority is taken while one takes over from the other", async () => {
        const [first, second] = [await newAuthority(), await newAuthority({ commonName: "cluster second" })];
        const both = first.certificate + second.certificate;
        const server = await newCertificate(second);
        const old = await newCertificate(first, { commonName: "loader", dnsNames: [], usages: ["client"] });
        assert.equal(await handshake(server, old, both), "loader");
        assert(certificate.changes(old, { ...old, authorityCertificate: second.certificate }));
    });

    it("is not signed by an authority that nobody has learnt to trust", async () => {
        const made = await newCertificate(await newAuthority());
        const signedBy = (name: string, ...trusted: string[]) => ({ ...made, signedBy: name, trusted });
        const learnt = { ...made, trusted: ["first", "second"] };
        assert.deepEqual(certificate.faults?.(signedBy("second", "second", "first"), learnt), []);
        assert.deepEqual(certificate.faults?.(signedBy("first", "first", "second"), made), []);
        assert.deepEqual(certificate.faults?.(made), []);
        // Straight away, and without those who still have the old one.
        for (const [now, old] of [
            [signedBy("second", "second", "first"), made],
            [signedBy("second", "second"), learnt],
        ] as const) {
            const [fault] = certificate.faults?.(now, old) ?? [];
            assert.match(
                fault!.reason,
                /Set authorities to \[first, second\] and run up, then to \[second, first\]$/,
            );
        }
    });

    it("is never valid for longer than its authority", async () => {
        const signer = await newAuthority({ days: 40 });
        assert.equal((await newCertificate(signer)).notAfter, signer.notAfter);
    });

    it("stays until its share of time is over, whatever the clock says before", () => {
        const lifetime = { days: 100, renewAt: 0.6 };
        const [made, day] = ["2026-01-01T00:00:00Z", (n: number) => Date.UTC(2026, 0, 1 + n)];
        assert.equal(issuedAt(made, lifetime, day(59)), made);
        assert.equal(issuedAt(made, lifetime, day(61)), "2026-03-03T00:00:00Z");
        assert.equal(issuedAt(undefined, lifetime, day(1)), "2026-01-02T00:00:00Z");
    });

    it("is made anew when it is due or says something else, and for no other reason", async () => {
        const signer = await newAuthority();
        const made = await newCertificate(signer);
        assert(!certificate.changes(made, made));
        // What a preview does not know yet.
        assert(certificate.changes(made, { ...made, authorityCertificate: undefined } as never));
        for (const differing of [
            { commonName: "other" },
            { dnsNames: ["other"] },
            { days: 10 },
            { issuedAt: daysAgo(1) },
        ]) {
            assert(certificate.changes(made, { ...made, ...differing }), JSON.stringify(differing));
        }
        assert(!certificate.changes(made, { ...made, renewAt: 0.5 }));
    });
});
