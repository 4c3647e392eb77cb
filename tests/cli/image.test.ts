import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { withImage } from "../../cli/commands/image.ts";
import { digestOf } from "../../cli/registry.ts";
import { root } from "../../common/paths.ts";
import { parseImage } from "../../config/image.ts";

const MANIFEST = '{"schemaVersion":2}';
const DIGEST = `sha256:${createHash("sha256").update(MANIFEST).digest("hex")}`;
const TOKEN = randomUUID();

/** A registry with acme/kafka:3.9.2, which everybody may read with a token that everybody gets. */
function answer(request: IncomingMessage, response: ServerResponse, port: number): void {
    const { pathname, searchParams } = new URL(request.url ?? "", `http://127.0.0.1:${port}`);
    const scope = "repository:acme/kafka:pull";
    if (pathname === "/token") {
        const isRight = searchParams.get("service") === "registry" && searchParams.get("scope") === scope;
        response.end(JSON.stringify(isRight ? { token: TOKEN } : {}));
        return;
    }
    if (pathname.startsWith("/v2/private/")) {
        response.writeHead(401, { "www-authenticate": 'Basic realm="private"' }).end();
        return;
    }
    if (request.headers.authorization !== `Bearer ${TOKEN}`) {
        const realm = `http://127.0.0.1:${port}/token`;
        const challenge = `Bearer realm="${realm}",service="registry",scope="${scope}"`;
        response.writeHead(401, { "www-authenticate": challenge }).end();
        return;
    }
    // As some do, this registry says the digest of one of its tags and not that of the other.
    const digests: Record<string, object> = {
        "/v2/acme/kafka/manifests/3.9.2": { "docker-content-digest": DIGEST },
        "/v2/acme/kafka/manifests/plain-3.9.2": {},
    };
    const headers = request.headers.accept?.includes("oci.image.index") ? digests[pathname] : undefined;
    response.writeHead(headers ? 200 : 404, { ...headers });
    response.end(request.method === "GET" && headers ? MANIFEST : undefined);
}

describe("unity image pin", () => {
    let server: Server;
    let folder: string;
    let file: string;
    let host: string;
    before(async () => {
        server = createServer((request, response) =>
            answer(request, response, (server.address() as AddressInfo).port),
        );
        await once(server.listen(0, "127.0.0.1"), "listening");
        host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    after(() => void server.close());
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "unity-image-"));
        file = join(folder, "Pulumi.x.yaml");
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    /** Pulumi.dev.yaml with another line for the image. */
    const stackFile = (line: string) =>
        readFileSync(join(root, "Pulumi.dev.yaml"), "utf8").replace(/^ {2}unity-kafka:image: .*$/m, line);

    async function unity(...args: string[]) {
        const child = spawn(join(root, "cli/unity"), args, {
            cwd: folder,
            stdio: ["ignore", "pipe", "pipe"],
        });
        const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
        return { status: child.exitCode ?? (await once(child, "exit"))[0], stdout, stderr };
    }

    it("writes the digest of the tag into the stack file", async () => {
        writeFileSync(file, stackFile(`  unity-kafka:image: ${host}/acme/kafka:3.9.2 # why this one`));
        const pinned = `${host}/acme/kafka:3.9.2@${DIGEST}`;
        assert.deepEqual(await unity("image", "pin", file), {
            status: 0,
            stdout: `Pulumi.x.yaml has ${pinned}\n`,
            stderr: "",
        });
        assert.equal(readFileSync(file, "utf8"), stackFile(`  unity-kafka:image: ${pinned} # why this one`));
    });

    const lines: [written: string, pinned: string][] = [
        ["kafka:3.9.2", "NEW"],
        ['"kafka:3.9.2" # why this one', "NEW # why this one"],
        ["&image 'kafka:3.9.2@sha256:12'", "&image NEW"],
        ["|-\n    kafka:3.9.2", "NEW"],
    ];
    for (const [written, pinned] of lines) {
        it(`changes nothing but the image in a stack file: ${JSON.stringify(written)}`, () =>
            assert.equal(
                withImage(stackFile(`  unity-kafka:image: ${written}`), "NEW", file),
                stackFile(`  unity-kafka:image: ${pinned}`),
            ));
    }

    it("finds the digest by the content where the registry does not say it", async () => {
        const found = await digestOf({ registry: host, repository: "acme/kafka" }, "plain-3.9.2");
        assert.equal(found, DIGEST);
    });

    it("leaves a file alone that has the digest already", async () => {
        const image = `${host}/acme/kafka:3.9.2@${DIGEST}`;
        writeFileSync(file, stackFile(`  unity-kafka:image: ${image}`));
        const { status, stdout, stderr } = await unity("image", "pin", file, "-o", "json");
        assert.deepEqual([status, stderr], [0, ""]);
        assert.deepEqual(JSON.parse(stdout), { file: "Pulumi.x.yaml", image, changed: false });
    });

    const failures: [title: string, repository: string, message: RegExp][] = [
        [
            "a tag that the registry does not have",
            "HOST/acme/kafka",
            /^UnityError: 127\.0\.0\.1:\d+ has no image acme\/kafka:3\.8\.9$/,
        ],
        [
            "a registry that asks for a login",
            "HOST/private/kafka",
            /does not let everybody read private\/kafka:3\.8\.9 \(HTTP 401\)$/,
        ],
        [
            "a registry that cannot be reached",
            "127.0.0.1:4/acme/kafka",
            /^UnityError: The registry 127\.0\.0\.1:4 cannot be reached \(.+\)$/,
        ],
    ];
    for (const [title, name, message] of failures) {
        it(`says what is wrong with ${title}`, async () => {
            const reference = parseImage(name.replace("HOST", host));
            assert(typeof reference === "object");
            await assert.rejects(digestOf(reference, "3.8.9"), message);
        });
    }

    it("needs one stack, and a valid one (exit 2, 1)", async () => {
        const none = await unity("image", "pin");
        assert.deepEqual(none, {
            status: 2,
            stdout: "",
            stderr: "unity: No stack is named. Give a stack file or --stack.\n",
        });
        writeFileSync(file, stackFile("  unity-kafka:image: kafka"));
        const { status, stderr } = await unity("image", "pin", file);
        assert.equal(status, 1);
        assert.match(stderr, /Pulumi\.x\.yaml has 1 error:\n {2}image: "kafka" is not allowed/);
    });
});
