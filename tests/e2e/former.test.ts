import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { V1Deployment } from "@kubernetes/client-node";
import { logDir, root } from "../../common/paths.ts";
import { pulumiEnv, runPulumi } from "../../local/pulumi.ts";
import type { Kubernetes } from "./cluster.ts";
import { BLUE, BRING_UP_TIMEOUT, sharedEnvironment } from "./environment.ts";
import { IKP_USER } from "./fakeIkpCluster.ts";
import { changesOf, initStack, readSettings, stackFile } from "./stack.ts";

/** The stack's name, which its resources' names hold. */
const FORMER = "former";
const log = join(logDir, "e2e-former.log");

/** What keeps data and identity: an object is left, or brought up to date where it is. */
const HARMLESS = ["create", "update", "read", "refresh", "forget"];

/**
 * `formerState.json` is what the previous version of this program left in Pulumi's state of a Project `blue` with
 * topics, components, metrics and a bridge. Its keys are fake, and certificates count as issued just now.
 */
function formerState(): string {
    return readFileSync(join(import.meta.dirname, "formerState.json"), "utf8")
        .replaceAll("CHECKOUT", root)
        .replaceAll("ISSUED_AT", `${new Date().toISOString().slice(0, 19)}Z`);
}

/** The Deployment of the bridge in that state, without pods: blue has none now, and its update is tried by a dry run. */
function formerBridge(): V1Deployment {
    const { deployment } = JSON.parse(formerState()) as {
        deployment: { resources: { type: string; inputs: V1Deployment }[] };
    };
    const { inputs } = deployment.resources.find(({ type }) => type === "kubernetes:apps/v1:Deployment")!;
    return {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: inputs.metadata!.name!, labels: inputs.metadata!.labels! },
        spec: { ...inputs.spec!, replicas: 0 },
    };
}

describe("upgrade", function () {
    this.timeout("3m");
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
        await k.apps.createNamespacedDeployment({ namespace: BLUE, body: formerBridge() });
    });
    after(() => k.apps.deleteNamespacedDeployment({ namespace: BLUE, name: formerBridge().metadata!.name! }));

    // The objects that are deployed belong to the stack of the other tests, which a dry run of this one would refuse to
    // overwrite.
    const env = () => ({ ...pulumiEnv(), PULUMI_K8S_ENABLE_PATCH_FORCE: "true" });
    const pulumi = (...args: string[]) => runPulumi([...args, "--stack", FORMER], { log, env: env() });

    it("the state of the previous version previews with nothing deleted and nothing replaced", async () => {
        const folder = mkdtempSync(join(tmpdir(), "unity-former-"));
        const state = join(folder, "state.json");
        writeFileSync(state, formerState());
        const file = stackFile(readSettings(join(import.meta.dirname, "Pulumi.former.yaml")));
        try {
            await initStack(FORMER);
            await pulumi("stack", "import", "--file", state);
            const password = ["--path", "unity-kafka:ikp.sasl.password", IKP_USER.password];
            await pulumi("config", "set", "--secret", ...password, "--config-file", file);
            const changes = changesOf(await pulumi("preview", "--json", "--config-file", file));
            const harmful = Object.entries(changes).filter(([op]) => !HARMLESS.includes(op));
            assert.deepEqual(Object.fromEntries(harmful), {});
            for (const [op, names] of Object.entries(changes)) {
                console.log(`      ${op}: ${names.join(", ")}`);
            }
        } finally {
            // What it describes belongs to another stack, or to nobody.
            await runPulumi(["stack", "rm", "--force", "--yes", "--preserve-config", FORMER], { log });
            rmSync(folder, { recursive: true });
        }
    });
});
