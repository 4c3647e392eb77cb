import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unreachableReason } from "../../kafka/kubernetes/reachability.ts";
import { newCertificate, newRootCertificate } from "../provider/fixtures.ts";

describe("the Kubernetes API of a kubeconfig", () => {
    const folder = mkdtempSync(join(tmpdir(), "reachability-"));
    const servers: Server[] = [];
    const sockets = new Set<Socket>();

    after(() => {
        for (const socket of sockets) {
            socket.destroy();
        }
        for (const server of servers) {
            server.close();
        }
        rmSync(folder, { recursive: true });
    });

    async function portOf(server: Server): Promise<number> {
        servers.push(server);
        server.on("connection", (socket: Socket) => sockets.add(socket));
        await once(server.listen(0, "127.0.0.1"), "listening");
        return (server.address() as AddressInfo).port;
    }

    function kubeconfig(cluster: object, name = "here"): string {
        const path = join(folder, `${name}.yaml`);
        writeFileSync(
            path,
            JSON.stringify({
                "current-context": name,
                contexts: [{ name, context: { cluster: "c" } }],
                clusters: [{ name: "c", cluster }],
            }),
        );
        return path;
    }
    const reason = (cluster: object) => unreachableReason({ kubeconfig: kubeconfig(cluster) }, 300);

    it("is reachable where it answers, be it with a refusal", async () => {
        const plain = await portOf(createHttpServer((_request, response) => response.writeHead(401).end()));
        assert.equal(await reason({ server: `http://127.0.0.1:${plain}` }), undefined);
    });

    it("is reachable whatever its certificate: nothing secret is sent", async () => {
        const { certificate, privateKey } = await newCertificate(await newRootCertificate());
        const asked: unknown[] = [];
        const server = createHttpsServer({ cert: certificate, key: privateKey }, ({ headers }, response) => {
            asked.push(headers.authorization);
            response.end("ok");
        });
        assert.equal(await reason({ server: `https://127.0.0.1:${await portOf(server)}` }), undefined);
        assert.deepEqual(asked, [undefined]);
    });

    it("is unreachable where nothing listens, or what listens is silent", async () => {
        const gone = createServer();
        const port = await portOf(gone);
        gone.close();
        await once(gone, "close");
        const server = `https://127.0.0.1:${port}`;
        assert.equal(await reason({ server }), `${server}: connect ECONNREFUSED 127.0.0.1:${port}`);
        const silent = `https://127.0.0.1:${await portOf(createServer())}`;
        assert.equal(await reason({ server: silent }), `${silent}: no answer within 0.3 s`);
        assert.match((await reason({ server: "not an address" }))!, /^not an address: .*Invalid URL/);
    });

    it("is that of the chosen context", async () => {
        const path = kubeconfig({ server: "https://127.0.0.1:1" });
        assert.match((await unreachableReason({ kubeconfig: path, context: "here" }))!, /ECONNREFUSED/);
        assert.equal(await unreachableReason({ kubeconfig: path, context: "there" }), undefined);
    });

    it("is not judged where it lies behind a proxy of its own, or nothing names it", async () => {
        const server = "https://127.0.0.1:1";
        assert.equal(await reason({ server, "proxy-url": "http://127.0.0.1:2" }), undefined);
        assert.equal(await unreachableReason({ kubeconfig: join(folder, "none") }), undefined);
    });
});
