/** Checks of a preview against an API server of a test. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { KubeTarget } from "../../common/kubeTarget.ts";
import { fakeKubeconfig } from "../provider/fakeKubeconfig.ts";

/** An API server that answers as it is told to. */
export async function startApiServer(
    answer: RequestListener,
): Promise<{ readonly target: KubeTarget; stop(): void }> {
    const folder = mkdtempSync(join(tmpdir(), "unity-api-"));
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const kubeconfig = join(folder, "config");
    writeFileSync(kubeconfig, fakeKubeconfig((server.address() as AddressInfo).port));
    return {
        target: { kubeconfig, context: "test" },
        stop() {
            server.closeAllConnections();
            server.close();
            rmSync(folder, { recursive: true });
        },
    };
}

/** What a check says: its warnings, and a line for each of the errors that end the preview, sorted. */
export async function saidBy(check: () => Promise<void>): Promise<string[]> {
    const lines: string[] = [];
    const { warn } = console;
    console.warn = (line: string) => void lines.push(line.replace("[runtime] ", ""));
    try {
        await check();
    } catch (error) {
        // Pulumi ends a run with the message of such an error alone.
        assert(pulumi.RunError.isInstance(error), String(error));
        lines.push(...error.message.split("\n").map((line) => `error: ${line}`));
    } finally {
        console.warn = warn;
    }
    return lines.sort();
}
