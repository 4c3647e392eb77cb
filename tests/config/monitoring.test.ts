import assert from "node:assert/strict";
import { DEFAULT_ALERTS } from "../../monitoring/alerts.ts";
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

    it("gives each Project an exporter of lags where there is a collector, unless it says otherwise", () => {
        const exporterOf = (raw: Parameters<typeof environment>[0]) =>
            environment(raw).projects[0]!.lagExporter;
        assert.equal(exporterOf(rawConfigWith({})), undefined);
        assert.deepEqual(exporterOf(withGke({}, { monitoring: { interval: 60 } })), {
            ...{ heap: "96Mi", memory: "320Mi", cpu: "50m" },
            interval: 60,
        });
        assert.equal(exporterOf(withGke({}, { monitoring: { lagExporter: { enabled: false } } })), undefined);
        assert.deepEqual(issuesOf(rawConfigWith({ monitoring: { lagExporter: { heap: "1Gi", lag: 1 } } })), [
            "monitoring.lagExporter.lag: is not a known key; there are cpu, enabled, heap, memory",
            "monitoring.lagExporter.heap: 1Gi is more than 3/4 of memory (320Mi); lower heap or raise memory",
        ]);
    });

    it("is refused where it cannot work", () => {
        assert.deepEqual(
            issuesOf(rawConfigWith({ monitoring: { collector: "datadog", interval: 1, every: 2 } })),
            [
                'monitoring.collector: "datadog" is not allowed, must be google, prometheus-operator or none',
                "monitoring.interval: 1 is not allowed, must be a whole number of seconds from 5 to 300",
                "monitoring.every: is not a known key; there are alerts, collector, interval, labels, lagExporter, rules",
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

describe("the alerts of a Project", () => {
    it("are those of the rules where config says nothing", () => {
        const { alerts } = environment(rawConfigWith({})).projects[0]!;
        assert.deepEqual(JSON.parse(JSON.stringify(alerts)), JSON.parse(JSON.stringify(DEFAULT_ALERTS)));
    });

    it("have the environment's changes, and over these its own, key by key", () => {
        const { projects } = environment(
            rawConfigWith({
                monitoring: {
                    alerts: {
                        UnityKafkaDiskAlmostFull: { threshold: 25, for: "15m" },
                        UnityKafkaBridgeDown: { enabled: false },
                    },
                },
                projects: [
                    { name: "one" },
                    {
                        name: "two",
                        monitoring: {
                            alerts: {
                                UnityKafkaDiskAlmostFull: { threshold: 5 },
                                UnityKafkaBridgeDown: { enabled: true },
                            },
                        },
                    },
                ],
            }),
        );
        const [one, two] = projects.map(({ alerts }) => [
            alerts.UnityKafkaDiskAlmostFull,
            alerts.UnityKafkaBridgeDown,
        ]);
        assert.deepEqual(one, [
            { enabled: true, for: "15m", threshold: 25 },
            { enabled: false, for: "10m" },
        ]);
        assert.deepEqual(two, [
            { enabled: true, for: "15m", threshold: 5 },
            { enabled: true, for: "10m" },
        ]);
    });

    it("are refused where they are none, or out of range, each by its path", () => {
        const alerts = {
            UnityKafkaDiskAlmostFull: { threshold: 0.15 },
            UnityKafkaProduceLatency: { threshold: 0, for: "10s" },
            UnityKafkaServerRestarts: { threshhold: 5 },
            UnityKafkaBrokerDown: { threshold: 2 },
            UnityKafkaActiveControllers: false,
        };
        const percent = "must be a whole number of percent from 1 to 99";
        assert.deepEqual(issuesOf(rawConfigWith({ monitoring: { alerts } })).sort(), [
            "monitoring.alerts.UnityKafkaActiveControllers: false is not allowed, must be a block with enabled and for",
            "monitoring.alerts.UnityKafkaBrokerDown.threshold: is not a known key; there are enabled, for",
            `monitoring.alerts.UnityKafkaDiskAlmostFull.threshold: 0.15 is not allowed, ${percent}`,
            'monitoring.alerts.UnityKafkaProduceLatency.for: "10s" is not allowed, must be a time with its unit, such as 90m, 24h or 7d',
            "monitoring.alerts.UnityKafkaProduceLatency.threshold: 0 is not allowed, must be a whole number of ms from 1 to 600000",
            "monitoring.alerts.UnityKafkaServerRestarts.threshhold: is not a known key; there are enabled, for, threshold",
        ]);
        const own = (monitoring: object) =>
            issuesOf(rawConfigWith({ projects: [{ name: "one", monitoring }] }));
        assert.deepEqual(own({ alerts: { UnityKafkaDiskAlmostFull: { threshold: 100 } } }), [
            `projects[0].monitoring.alerts.UnityKafkaDiskAlmostFull.threshold: 100 is not allowed, ${percent}`,
        ]);
        assert.deepEqual(own({ collector: "none" }), [
            "projects[0].monitoring.collector: is not a known key; there are alerts",
        ]);
        const [unknown = ""] = issuesOf(rawConfigWith({ monitoring: { alerts: { DiskAlmostFull: {} } } }));
        assert.match(
            unknown,
            /^monitoring\.alerts\.DiskAlmostFull: is not a known key; there are .*UnityKafkaDiskAlmostFull/,
        );
    });
});
