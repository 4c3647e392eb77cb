import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig, type KubernetesObject, KubernetesObjectApi } from "@kubernetes/client-node";
import { kubeconfigPath, logDir, root } from "../../common/paths.ts";
import { pulumiEnv, runPulumi } from "../../local/pulumi.ts";
import { BRING_UP_TIMEOUT, sharedEnvironment } from "./environment.ts";
import { IKP_USER } from "./fakeIkpCluster.ts";
import { assertRefused } from "./refused.ts";
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

/**
 * Objects of that state, as far as a dry run of their update needs them: those of blue that it has no more, such as the
 * bridge. Without data and pods, as keys in the state are fake.
 */
function formerObjects(): KubernetesObject[] {
    const { deployment } = JSON.parse(formerState()) as {
        deployment: { resources: { type: string; inputs: KubernetesObject & { spec?: object } }[] };
    };
    return deployment.resources
        .filter(({ type }) => /^kubernetes:(?!storage)(?!.*Patch$)/.test(type))
        .map(({ inputs: { apiVersion, kind, metadata, spec } }) => ({
            ...{ apiVersion: apiVersion!, kind: kind! },
            metadata: { name: metadata!.name!, namespace: metadata!.namespace!, labels: metadata!.labels! },
            ...(spec && { spec: kind === "Deployment" ? { ...spec, replicas: 0 } : spec }),
        }));
}

describe("upgrade", function () {
    this.timeout("3m");
    const created: KubernetesObject[] = [];
    let objects: KubernetesObjectApi;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        await sharedEnvironment();
        const config = new KubeConfig();
        config.loadFromFile(kubeconfigPath);
        objects = KubernetesObjectApi.makeApiClient(config);
        for (const object of formerObjects()) {
            await objects.create(object).then(
                () => created.push(object),
                (error: unknown) => assert.equal((error as { code?: number }).code, 409),
            );
        }
        assert(created.some(({ kind }) => kind === "Deployment"));
    });
    after(() => Promise.all(created.map((object) => objects.delete(object))));

    // The objects that are deployed belong to the stack of the other tests, which a dry run of this one would refuse to
    // overwrite.
    const env = () => ({ ...pulumiEnv(), PULUMI_K8S_ENABLE_PATCH_FORCE: "true" });
    const pulumi = (...args: string[]) => runPulumi([...args, "--stack", FORMER], { log, env: env() });

    it("the state of the previous version previews with nothing deleted and nothing replaced, and not where applications would lose Kafka", async () => {
        const folder = mkdtempSync(join(tmpdir(), "unity-former-"));
        const state = join(folder, "state.json");
        writeFileSync(state, formerState());
        const file = stackFile(readSettings(join(import.meta.dirname, "Pulumi.former.yaml")));
        try {
            await initStack(FORMER);
            await pulumi("stack", "import", "--file", state);
            const password = ["--path", "unity-kafka:ikp.sasl.password", IKP_USER.password];
            await pulumi("config", "set", "--secret", ...password, "--config-file", file);
            // Who does not read the guide to upgrades: the components' namespace is the new default.
            const unread = join(folder, "unread.yaml");
            writeFileSync(unread, readFileSync(file, "utf8").replaceAll(/^ *namespace: e2e-blue\n/gm, ""));
            await assertRefused(
                /components of Project blue ran in namespace e2e-blue until now, .* Set namespace of each of them to \[e2e-blue, NEXT\]/,
                pulumi("preview", "--config-file", unread),
            );
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
