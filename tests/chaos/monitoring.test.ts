import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { CustomObjectsApi } from "@kubernetes/client-node";
import { LAG_EXPORTER } from "../../common/names.ts";
import { kubeconfigPath, logDir, root } from "../../common/paths.ts";
import { monitoringObjects } from "../../components/monitoring/monitoring.ts";
import type { Collector } from "../../config/schema/monitoring.ts";
import { openCluster } from "../../kafka/kubernetes/cluster.ts";
import { readPodMetrics } from "../../kafka/podMetrics.ts";
import { run } from "../../local/exec.ts";
import { embeddedConfig } from "../../local/platform/client.ts";
import { kubectlEnv, kubectlPath } from "../../local/platform/kubectl.ts";
import { ensureGo } from "../../local/tools/go.ts";
import { DEFAULT_ALERTS } from "../../monitoring/alerts.ts";
import { fill } from "../e2e/brokerFaults.ts";
import { type Kubernetes, pods, restarts, until } from "../e2e/cluster.ts";
import { BLUE, BRING_UP_TIMEOUT, sharedEnvironment } from "../e2e/environment.ts";
import { consume } from "../e2e/kafkaTools.ts";
import { assertPanelsHaveData } from "../e2e/panels.ts";
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

/** Seconds from one collection to the next. */
const INTERVAL = 5;

/** What a Project has because its metrics are collected. */
const createdFor = (project: string) =>
    [
        ...["alerts", "metrics", "user-lag-exporter.unity-kafka"],
        ...["kafka-lag-exporter", "kafka-lag-exporter-certificate"],
        ...["lag-exporter-account", "lag-exporter-policy", "lag-exporter-pods"],
    ]
        .map((name) => `${project}-${name}`)
        .sort();

describe("the metrics of a Project", function () {
    this.timeout("10m");
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
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
            Object.assign(settings, {
                metricsFrom: ["monitoring"],
                monitoring: { collector, interval: INTERVAL },
            }),
        );

    /** Asserts that blue has the objects of a collector as they were meant, with no field that its kind does not know. */
    async function assertThere(collector: Collector): Promise<void> {
        const api = embeddedConfig().makeApiClient(CustomObjectsApi);
        for (const { apiVersion, kind, spec } of Object.values(
            monitoringObjects(BLUE, { collector, interval: INTERVAL }, DEFAULT_ALERTS)!,
        )) {
            const [group = "", version = ""] = apiVersion.split("/");
            const plural = PLURALS[kind]!;
            const found = (await api.getNamespacedCustomObject({
                ...{ group, version, plural, namespace: BLUE, name: "unity-kafka" },
            })) as { spec: object };
            assert.partialDeepStrictEqual(found.spec, spec);
        }
    }

    /** Of the pod `lag-exporter` of blue, for a group and the topic orders: records and seconds; undefined for none. */
    async function lagOf(group: string): Promise<(number | undefined)[]> {
        const [pod] = await pods(k, BLUE, LAG_EXPORTER.name);
        const cluster = openCluster({ kubeconfig: kubeconfigPath });
        const names = ["kafka_consumergroup_lag", "kafka_consumergroup_lag_seconds"];
        const { metrics } = LAG_EXPORTER.ports;
        const text = await readPodMetrics(cluster, BLUE, pod!.metadata!.name!, metrics, names);
        return names.map((name) => {
            const found = new RegExp(
                `^${name}\\{consumergroup="${group}",topic="orders"\\} (\\d+)$`,
                "m",
            ).exec(text);
            return found ? Number(found[1]) : undefined;
        });
    }

    /** Has a group read all, fall behind, and catch up. */
    async function assertLagsAreExported(): Promise<void> {
        const group = "reader-lags";
        const read = ["--topic", "orders", "--group", group, "--from-beginning", "--timeout-ms", "6000"];
        await fill(k, BLUE, "orders", 10);
        await consume(k, BLUE, ...read);
        await until("the group has read all", 60, async () => (await lagOf(group)).join() === "0,0");
        await fill(k, BLUE, "orders", 25);
        await until("the group is behind by 25 records", 60, async () => (await lagOf(group))[0] === 25);
        await until("and that for ten seconds", 60, async () => (await lagOf(group))[1]! >= 10);
        await consume(k, BLUE, ...read);
        await until("the group has read them", 60, async () => (await lagOf(group)).join() === "0,0");
        await assertPanelsHaveData(k, BLUE, [LAG_EXPORTER.name], /^kafka_consumergroup/);
        const [exporter] = await pods(k, BLUE, LAG_EXPORTER.name);
        assert.equal(restarts(exporter!), 0);
    }

    for (const collector of ["google", "prometheus-operator"] as const) {
        it(`are collected by ${collector}, once the cluster knows its kinds, which a preview says`, async () => {
            await assertRefused(
                /The cluster does not know \w+ and \w+ of monitoring\./,
                preview(collectedBy(collector)),
            );
            await install(collector);
            const changes = await up(collectedBy(collector));
            assert.deepEqual(changes.create?.sort(), ["blue", "green"].flatMap(createdFor));
            await assertThere(collector);
            if (collector === "google") {
                await assertLagsAreExported();
            }
            await pulumi(["preview", "--expect-no-changes"], stackFile(collectedBy(collector)));
            const { delete: deleted } = await up();
            assert.deepEqual(deleted?.sort(), ["blue", "green"].flatMap(createdFor));
        });
    }
});
