import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { CustomObjectsApi } from "@kubernetes/client-node";
import { logDir, root } from "../../common/paths.ts";
import { monitoringObjects } from "../../components/monitoring/monitoring.ts";
import type { Collector } from "../../config/schema/monitoring.ts";
import { run } from "../../local/exec.ts";
import { embeddedConfig } from "../../local/platform/client.ts";
import { kubectlEnv, kubectlPath } from "../../local/platform/kubectl.ts";
import { ensureGo } from "../../local/tools/go.ts";
import { DEFAULT_ALERTS } from "../../monitoring/alerts.ts";
import { BLUE, BRING_UP_TIMEOUT, sharedEnvironment } from "../e2e/environment.ts";
import { assertRefused } from "../e2e/refused.ts";
import { changed, preview, pulumi, type Settings, stackFile, up } from "../e2e/stack.ts";

/** The Go modules that hold the kinds of a collector, with their checksums, and where. */
const MODULES = {
    google: {
        module: "github.com/GoogleCloudPlatform/prometheus-engine@v0.17.2",
        sum: "h1:b4Sau/04Xn0wqGyGABUzLVOSlM7BxsZHbcYEXP3EDeg=",
        folder: "charts/operator/crds",
    },
    "prometheus-operator": {
        module: "github.com/prometheus-operator/prometheus-operator@v0.85.0",
        sum: "h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=",
        folder: "example/prometheus-operator-crd",
    },
} as const;

/** Names of the kinds in the API. */
const PLURALS: Readonly<Record<string, string>> = {
    PodMonitoring: "podmonitorings",
    Rules: "rules",
    PodMonitor: "podmonitors",
    PrometheusRule: "prometheusrules",
};

describe("the metrics of a Project", function () {
    this.timeout("10m");
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        await sharedEnvironment();
    });
    after(() => up());

    /** Teaches the cluster the kinds of a collector. */
    async function install(collector: keyof typeof MODULES): Promise<void> {
        const { module, sum, folder } = MODULES[collector];
        const log = join(logDir, "tools.log");
        const answer = await run([await ensureGo(log), "mod", "download", "-json", module], {
            cwd: root,
            log,
        });
        const { Dir, Sum } = JSON.parse(answer) as { Dir: string; Sum: string };
        assert.equal(Sum, sum);
        for (const file of readdirSync(join(Dir, folder))) {
            const args = ["apply", "--server-side", "-f", join(Dir, folder, file)];
            await run([kubectlPath, ...args], { env: kubectlEnv() });
        }
    }

    const collectedBy = (collector: Collector): Settings =>
        changed((settings) =>
            Object.assign(settings, { metricsFrom: ["monitoring"], monitoring: { collector } }),
        );

    /** Asserts that blue has the objects of a collector as they were meant, with no field that its kind does not know. */
    async function assertThere(collector: Collector): Promise<void> {
        const api = embeddedConfig().makeApiClient(CustomObjectsApi);
        for (const { apiVersion, kind, spec } of Object.values(
            monitoringObjects(BLUE, { collector, interval: 30 }, DEFAULT_ALERTS)!,
        )) {
            const [group = "", version = ""] = apiVersion.split("/");
            const plural = PLURALS[kind]!;
            const found = (await api.getNamespacedCustomObject({
                ...{ group, version, plural, namespace: BLUE, name: "unity-kafka" },
            })) as { spec: object };
            assert.partialDeepStrictEqual(found.spec, spec);
        }
    }

    for (const collector of ["google", "prometheus-operator"] as const) {
        it(`are collected by ${collector}, once the cluster knows its kinds, which a preview says`, async () => {
            await assertRefused(
                /The cluster does not know \w+ and \w+ of monitoring\./,
                preview(collectedBy(collector)),
            );
            await install(collector);
            const changes = await up(collectedBy(collector));
            assert.deepEqual(changes.create?.sort(), [
                "blue-alerts",
                "blue-metrics",
                "green-alerts",
                "green-metrics",
            ]);
            await assertThere(collector);
            await pulumi(["preview", "--expect-no-changes"], stackFile(collectedBy(collector)));
            const { delete: deleted } = await up();
            assert.deepEqual(deleted?.length, 4);
        });
    }
});
