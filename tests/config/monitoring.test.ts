import assert from "node:assert/strict";
import { withGke } from "./gkeConfig.ts";
import { environment, issuesOf, rawConfigWith } from "./matchers.ts";

describe("monitoring in config", () => {
    const GOOGLE = ["gmp-system", "gke-gmp-system"];

    it("is Google's on GKE, and nobody's elsewhere, unless it says so", () => {
        const of = ({ monitoring, metricsFrom }: ReturnType<typeof environment>) => [
            monitoring.collector,
            metricsFrom,
        ];
        assert.deepEqual(of(environment(rawConfigWith({}))), ["none", []]);
        assert.deepEqual(of(environment(withGke({}))), ["google", GOOGLE]);
        assert.deepEqual(of(environment(withGke({}, { monitoring: { collector: "none" } }))), ["none", []]);
        assert.deepEqual(of(environment(withGke({}, { metricsFrom: ["own", "gmp-system"] }))), [
            "google",
            [...GOOGLE, "own"],
        ]);
    });

    it("takes what the Prometheus operator needs", () => {
        const raw = rawConfigWith({
            metricsFrom: ["prometheus"],
            monitoring: {
                collector: "prometheus-operator",
                interval: 15,
                rules: false,
                labels: { release: "stack" },
            },
        });
        assert.deepEqual(environment(raw).monitoring, {
            collector: "prometheus-operator",
            interval: 15,
            rules: false,
            labels: { release: "stack" },
        });
    });

    it("is refused where it cannot work", () => {
        assert.deepEqual(
            issuesOf(rawConfigWith({ monitoring: { collector: "datadog", interval: 1, every: 2 } })),
            [
                'monitoring.collector: "datadog" is not allowed, must be google, prometheus-operator or none',
                "monitoring.interval: 1 is not allowed, must be a whole number of seconds from 5 to 300",
                "monitoring.every: is not a known key; there are collector, interval, labels, rules",
            ],
        );
        assert.deepEqual(issuesOf(rawConfigWith({ monitoring: { collector: "prometheus-operator" } })), [
            "metricsFrom: must name the namespace of Prometheus, as monitoring.collector is prometheus-operator",
        ]);
        assert.deepEqual(issuesOf(rawConfigWith({ monitoring: { labels: { release: "stack" } } })), [
            "monitoring.labels: are for the Prometheus operator; remove them, or set collector to prometheus-operator",
        ]);
    });
});
