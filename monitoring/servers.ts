import type { AlertRules } from "./rule.ts";

export const SERVER_RULES: AlertRules = {
    UnityKafkaOfflinePartitions: {
        for: "1m",
        severity: "critical",
        expr: "max by (namespace) (kafka_controller_kafkacontroller_offlinepartitionscount) > 0",
        summary: "{{ $value }} partitions of {{ $labels.namespace }} have no leader",
        description: `
            Nobody can write to them or read them. Run \`unity status --namespace {{ $labels.namespace }}\` to see
            which brokers are down.`,
    },
    UnityKafkaUnderMinIsrPartitions: {
        for: "2m",
        severity: "critical",
        expr: "sum by (namespace) (kafka_server_replicamanager_underminisrpartitioncount) > 0",
        summary: "{{ $value }} partitions of {{ $labels.namespace }} have too few replicas in sync",
        description: `
            Producers that wait for all replicas are refused. Run
            \`unity status --namespace {{ $labels.namespace }}\` to see which brokers are down.`,
    },
    UnityKafkaUnderReplicatedPartitions: {
        for: "15m",
        severity: "warning",
        expr: "sum by (namespace) (kafka_server_replicamanager_underreplicatedpartitions) > 0",
        summary: "{{ $value }} partitions of {{ $labels.namespace }} miss replicas",
        description: `
            One more failure may stop producers. Run \`unity status --namespace {{ $labels.namespace }}\`; a broker
            that is up and does not catch up is slow, or out of disk.`,
    },
    UnityKafkaActiveControllers: {
        for: "3m",
        severity: "critical",
        expr: "sum by (namespace) (kafka_controller_kafkacontroller_activecontrollercount) != 1",
        summary: "{{ $labels.namespace }} has {{ $value }} active controllers",
        description: `
            No leader is elected and no topic created. Run
            \`unity status --namespace {{ $labels.namespace }}\`, which asks each broker.`,
    },
    UnityKafkaBrokerDown: {
        for: "10m",
        severity: "critical",
        // Counted against the most in an hour, so a cluster that was shrunk alerts for the rest of that hour.
        expr: `
            max_over_time(count by (namespace) (kafka_server_kafkaserver_brokerstate)[1h:1m])
            - (count by (namespace) (kafka_server_kafkaserver_brokerstate)
            or 0 * max_over_time(count by (namespace) (kafka_server_kafkaserver_brokerstate)[1h:1m])) > 0`,
        summary: "{{ $value }} brokers of {{ $labels.namespace }} are down",
        description:
            "Run `unity status --namespace {{ $labels.namespace }}`, then look at the log of the pod.",
    },
    UnityKafkaLogDirectoryOffline: {
        for: "1m",
        severity: "critical",
        expr: "max by (namespace, pod) (kafka_log_logmanager_offlinelogdirectorycount) > 0",
        summary: "The disk of {{ $labels.pod }} in {{ $labels.namespace }} has failed",
        description: `
            The broker cannot write to it. Look at its log and at the volume, and see
            \`unity status --namespace {{ $labels.namespace }}\`.`,
    },
    UnityKafkaRequestHandlersBusy: {
        for: "15m",
        severity: "warning",
        threshold: {
            meaning: "Share of the time in which a broker's request handlers are idle",
            unit: "percent",
            default: 20,
            min: 1,
            max: 99,
        },
        texts: (percent) => ({
            expr: `
                min by (namespace, pod)
                (rate(kafka_server_kafkarequesthandlerpool_requesthandleravgidlepercent_count_total[5m])) / 1e9
                < ${percent / 100}`,
            summary: `
                The request handlers of {{ $labels.pod }} in {{ $labels.namespace }} are idle for
                {{ $value | humanizePercentage }} of the time`,
            description: `
                Requests wait. Compare the load with the size that \`unity plan\` shows, and raise kafka.cpu or
                num.io.threads.`,
        }),
    },
    UnityKafkaProduceLatency: {
        for: "15m",
        severity: "warning",
        threshold: {
            meaning: "Time that one in a hundred produce requests takes, replicas included",
            unit: "ms",
            default: 1000,
            min: 1,
            max: 600_000,
        },
        texts: (milliseconds) => ({
            expr: `
                max by (namespace, pod)
                (kafka_network_requestmetrics_totaltimems{quantile="0.99", request="Produce"}) > ${milliseconds}`,
            summary: `
                Of the produce requests to {{ $labels.pod }} in {{ $labels.namespace }} one in a hundred takes
                {{ $value }} ms`,
            description: `
                A slow disk, or a replica that is behind. See \`unity status --namespace {{ $labels.namespace }}\`.`,
        }),
    },
    UnityKafkaServerRestarts: {
        for: "1m",
        severity: "warning",
        threshold: {
            meaning: "Restarts of a server within an hour",
            unit: "restarts",
            default: 3,
            min: 1,
            max: 100,
        },
        texts: (restarts) => ({
            expr: `
                max by (namespace, pod) (changes(process_start_time_seconds[1h])) > ${restarts}
                and on (namespace, pod) unity_kafka_certificate_not_after_seconds`,
            summary:
                "{{ $labels.pod }} in {{ $labels.namespace }} has restarted {{ $value }} times in an hour",
            description: `
                Look at the log of its former container, and at its memory: \`unity status --namespace
                {{ $labels.namespace }}\`.`,
        }),
    },
};
