import type { AlertRules } from "./rule.ts";

export const CONSUMER_RULES: AlertRules = {
    UnityKafkaConsumerLagGrows: {
        for: "15m",
        severity: "warning",
        threshold: {
            meaning: "Time for which there has been a record that a consumer group has not committed",
            unit: "seconds",
            default: 300,
            min: 30,
            max: 604_800,
        },
        // Silent for a group that catches up: its lag has become a tenth less in as long as the rule waits.
        texts: (seconds) => ({
            expr: `
                max by (namespace, consumergroup, topic) (kafka_consumergroup_lag_seconds) > ${seconds}
                unless on (namespace, consumergroup, topic)
                max by (namespace, consumergroup, topic) (kafka_consumergroup_lag)
                < 0.9 * max by (namespace, consumergroup, topic) (kafka_consumergroup_lag offset 15m)`,
            summary: `
                The consumer group {{ $labels.consumergroup }} of {{ $labels.namespace }} is
                {{ $value | humanizeDuration }} behind in {{ $labels.topic }} and does not catch up`,
            description: `
                Its consumers are down, or slower than the producers. See \`unity status --namespace
                {{ $labels.namespace }}\`, and the application's log.`,
        }),
    },
};
