/** How `unity` ends while it waits: for a pipe, or for the next check. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fakeKubeconfig } from "../provider/fakeKubeconfig.ts";

const UNITY = join(import.meta.dirname, "../../cli/unity");

describe("unity, while it waits", function () {
    this.timeout(30_000);
    let folder: string;
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "unity-signals-"));
        execFileSync("mkfifo", [join(folder, "fifo")]);
    });
    after(() => rmSync(folder, { recursive: true }));

    /** Runs the command; `begun` is called at its first output, with what sends it a signal. */
    async function unity(
        args: string[],
        begun: (kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
        input: string | "nothing" = "nothing",
    ) {
        const env = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: join(folder, "kubeconfig") };
        const child = spawn(UNITY, args, { cwd: folder, env });
        if (input !== "nothing") {
            child.stdin.end(input);
        }
        // Its handlers of signals are there before it says what it is about to do.
        child.stdout.once("data", () => begun((signal) => void child.kill(signal)));
        const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
        const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
        child.stdin.destroy();
        return { status: await ended, stdout, stderr };
    }

    const STOPPED = "The file was not sent to its end; run it again.\n";
    for (const name of ["fifo", "-"]) {
        const what = name === "-" ? "silent standard input" : "a named pipe without a writer";
        for (const [signal, code] of [["SIGINT", 130] as const, ["SIGTERM", 143] as const]) {
            it(`ends by ${signal} at ${what} (exit ${code})`, async () => {
                const { status, stderr } = await unity([name], (kill) => kill(signal));
                assert.equal(stderr, `unity: Stopped by ${signal}. ${STOPPED}`);
                assert.equal(status, code);
            });
        }

        it(`gives up after --timeout at ${what} (exit 1)`, async () => {
            const { status, stderr } = await unity(["--timeout", "1", name]);
            assert.equal(
                stderr,
                "unity: No progress for 1 second: nothing was written to the pipe. Check what writes to it, or wait longer with --timeout.\n",
            );
            assert.equal(status, 1);
        });
    }

    it("reads standard input for -, up to its end", async () => {
        const empty = await unity(["-"], undefined, "");
        assert.equal(empty.stderr, "unity: Standard input is empty. Give a file with at least one line.\n");
        assert.equal(empty.status, 2);
        // It has something to send, and then needs a cluster.
        const { status, stdout, stderr } = await unity(["-"], undefined, "one\n");
        assert.match(stdout, /^Processing file: -$/m);
        assert.match(stderr, /^unity: .*kubeconfig/);
        assert.equal(status, 1);
    });

    it("reads a named pipe once its writer is there", async () => {
        const { status, stderr } = await unity(["fifo"], () => {
            spawn("sh", ["-c", "echo one > fifo"], { cwd: folder });
        });
        assert.match(stderr, /^unity: .*kubeconfig/);
        assert.equal(status, 1);
    });

    describe("for a cluster", () => {
        let server: Server;
        before(async () => {
            let asked = 0;
            const answers = [{ items: [{ metadata: { name: "blue" } }] }];
            // Shows one Project, whose health is unknown as nothing of it may be read.
            server = createServer((_request, response) => {
                const body = answers[asked++];
                response.writeHead(body ? 200 : 403, { "content-type": "application/json" });
                response.end(JSON.stringify(body ?? {}));
            });
            await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
            const { port } = server.address() as AddressInfo;
            writeFileSync(join(folder, "kubeconfig"), fakeKubeconfig(port));
        });
        after(() => server.close());

        it("ends `status --watch` by Ctrl-C without a word about a file (exit 130)", async () => {
            const { status, stdout, stderr } = await unity(["status", "--watch"], (kill) => kill("SIGINT"));
            assert.match(stdout, /blue/);
            assert.equal(stderr, "unity: Stopped by SIGINT.\n");
            assert.equal(status, 130);
        });
    });
});
