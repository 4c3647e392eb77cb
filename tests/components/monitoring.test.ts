import assert from "node:assert/strict";
import { reportMissingKinds } from "../../components/missingKinds.ts";
import { monitoringObjects } from "../../components/monitoring/monitoring.ts";
import type { Collector } from "../../config/schema/monitoring.ts";
import { DEFAULT_ALERTS, projectAlertRules } from "../../monitoring/alerts.ts";
import { saidBy, startApiServer } from "./previewChecks.ts";

describe("the objects of a collector", () => {
    const selector = { matchLabels: { "app.kubernetes.io/part-of": "unity-kafka" } };
    const endpoints = [{ port: "metrics", interval: "60s" }];
    const groups = projectAlertRules("demo", DEFAULT_ALERTS);

    it("are Google's PodMonitoring and Rules", () => {
        const apiVersion = "monitoring.googleapis.com/v1";
        assert.deepEqual(monitoringObjects("demo", { collector: "google", interval: 60 }, DEFAULT_ALERTS), {
            metrics: { apiVersion, kind: "PodMonitoring", spec: { selector, endpoints } },
            alerts: { apiVersion, kind: "Rules", spec: { groups } },
        });
    });

    it("are the PodMonitor and PrometheusRule of the Prometheus operator", () => {
        const apiVersion = "monitoring.coreos.com/v1";
        assert.deepEqual(
            monitoringObjects("demo", { collector: "prometheus-operator", interval: 60 }, DEFAULT_ALERTS),
            {
                metrics: {
                    apiVersion,
                    kind: "PodMonitor",
                    spec: { selector, podMetricsEndpoints: endpoints },
                },
                alerts: { apiVersion, kind: "PrometheusRule", spec: { groups } },
            },
        );
    });

    it("are none where nothing collects", () => {
        assert.equal(
            monitoringObjects("demo", { collector: "none", interval: 60 }, DEFAULT_ALERTS),
            undefined,
        );
    });
});

describe("a preview", () => {
    let api: Awaited<ReturnType<typeof startApiServer>>;
    let answer: [status: number, kinds: string[]];
    before(async () => {
        api = await startApiServer((_request, response) => {
            const [status, kinds] = answer;
            const resources = kinds.map((kind) => ({ kind, name: kind, namespaced: true, verbs: [] }));
            response
                .writeHead(status, { "content-type": "application/json" })
                .end(JSON.stringify({ groupVersion: "any", resources }));
        });
    });
    after(() => api.stop());

    /** What it says of a collector. */
    function said(collector: Collector, rules: boolean, ...answered: typeof answer): Promise<string[]> {
        answer = answered;
        return saidBy(() => reportMissingKinds(api.target, { collector, rules, interval: 30, labels: {} }));
    }

    it("is content with a cluster that has the kinds of the collector", async () => {
        assert.deepEqual(await said("google", true, 200, ["PodMonitoring", "Rules"]), []);
        assert.deepEqual(await said("prometheus-operator", false, 200, ["PodMonitor"]), []);
        assert.deepEqual(await said("none", true, 404, []), []);
    });

    it("fails where the cluster lacks them, and says what to do", async () => {
        assert.deepEqual(await said("google", true, 404, []), [
            "error: The cluster does not know PodMonitoring and Rules of monitoring.googleapis.com/v1, by which monitoring.collector google collects metrics. Next: turn on managed collection (gcloud container clusters update CLUSTER --enable-managed-prometheus), or set monitoring.collector to none.",
        ]);
        assert.deepEqual(await said("prometheus-operator", true, 200, ["PodMonitor"]), [
            "error: The cluster does not know PrometheusRule of monitoring.coreos.com/v1, by which monitoring.collector prometheus-operator collects metrics. Next: install the Prometheus operator, or set monitoring.collector to none.",
        ]);
    });

    it("warns where it cannot ask", async () => {
        const [line] = await said("google", true, 500, []);
        assert.match(
            line!,
            /^warning: It is not known whether .* has the kinds of monitoring\.googleapis\.com\/v1: .*HTTP 500/,
        );
        assert.match(
            (await said("google", true, 403, []))[0]!,
            /^warning: It is not known whether .*: You are not allowed to list the kinds of monitoring\.googleapis\.com\/v1/,
        );
    });
});
