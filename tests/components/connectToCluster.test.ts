import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { connectToCluster } from "../../components/connectToCluster.ts";
import type { GkeOptions } from "../../components/gke/gke.ts";
import type { Environment } from "../../config/schema/environment.ts";

describe("the connection to a cluster that cannot be reached", () => {
    let folder: string;
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "connect-"));
        const server = "https://127.0.0.1:1";
        const content = {
            contexts: [{ name: "here", context: { cluster: "c" } }],
            clusters: [{ name: "c", cluster: { server } }],
        };
        writeFileSync(join(folder, "config"), JSON.stringify(content));
    });
    after(() => rmSync(folder, { recursive: true }));

    async function warnings(isPreview: boolean): Promise<unknown[]> {
        await pulumi.runtime.setMocks(
            { newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) },
            "unity-kafka",
            "test",
            isPreview,
        );
        const found: unknown[] = [];
        const { warn } = console;
        console.warn = (text: unknown) => found.push(text);
        try {
            const kubernetes = { context: "here", kubeconfig: join(folder, "config") };
            await connectToCluster({ kubernetes } as Environment, [], {} as GkeOptions);
            const until = Date.now() + (isPreview ? 10_000 : 200);
            while (found.length === 0 && Date.now() < until) {
                await new Promise((resolve) => setTimeout(resolve, 10));
            }
        } finally {
            console.warn = warn;
        }
        return found;
    }

    it("is one warning of a preview, with the reason and the way out", async () => {
        assert.deepEqual(await warnings(true), [
            "warning: [runtime] The Kubernetes API cannot be reached (https://127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1), so this preview is not compared with the cluster: what it would create may exist, and what it would not change may differ. Run it once the cluster is up and its network is reachable.",
        ]);
    });

    it("is left to the resources of an up, which fail by themselves", async () => {
        assert.deepEqual(await warnings(false), []);
    });
});
