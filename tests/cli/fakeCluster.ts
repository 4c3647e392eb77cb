/** The command `unity` as a user runs it, and a Kubernetes API that answers it. */
import { type SpawnSyncReturns, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fakeKubeconfig } from "../provider/fakeKubeconfig.ts";

export const UNITY = join(import.meta.dirname, "../../cli/unity");
export type Outcome = Pick<SpawnSyncReturns<string>, "status" | "stdout" | "stderr">;

const servers: Server[] = [];

/** Where the command runs, and kubeconfigs are. */
export const folder = mkdtempSync(join(tmpdir(), "unity-test-"));

after(() => {
    for (const server of servers) {
        server.closeAllConnections();
        server.close();
    }
    rmSync(folder, { recursive: true, force: true });
});

/** Runs the command as a user would, in an environment with nothing but what is given. */
export async function unity(
    args: string[],
    env: Record<string, string> = {},
    command = UNITY,
): Promise<Outcome> {
    const environment = { PATH: process.env.PATH ?? "", HOME: folder, ...env };
    const child = spawn(command, args, { cwd: folder, env: environment, stdio: ["ignore", "pipe", "pipe"] });
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { status: await ended, stdout, stderr };
}

/** A kubeconfig for a cluster on this machine. */
export function kubeconfig(port: number): Record<string, string> {
    const path = join(folder, `kubeconfig-${port}`);
    writeFileSync(path, fakeKubeconfig(port));
    return { KUBECONFIG: path };
}

/** A Kubernetes API with these answers by path; to anything else it says 403. */
export async function cluster(answers: Record<string, unknown>): Promise<Record<string, string>> {
    return serve(({ url = "" }, response) => {
        const answer = answers[decodeURIComponent(url)];
        const [status, body] = typeof answer === "number" ? [answer, {}] : answer ? [200, answer] : [403, {}];
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
}

export async function serve(listener: RequestListener): Promise<Record<string, string>> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return kubeconfig((server.address() as AddressInfo).port);
}
