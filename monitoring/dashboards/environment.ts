import { type Dashboard, graph } from "./dashboard.ts";

const PROJECT = "{{namespace}}";

/** All Projects beside each other: which one to look at. */
export const ENVIRONMENT: Dashboard = {
    name: "unity-kafka-environment",
    title: "Unity Kafka: all Projects",
    ofOneProject: false,
    rows: [
        {
            title: "Health",
            panels: [
                graph(
                    "Partitions without a leader",
                    "short",
                    "max by (namespace) (kafka_controller_kafkacontroller_offlinepartitionscount)",
                    PROJECT,
                ),
                graph(
                    "Under-replicated partitions",
                    "short",
                    "sum by (namespace) (kafka_server_replicamanager_underreplicatedpartitions)",
                    PROJECT,
                ),
                graph(
                    "Brokers",
                    "short",
                    "count by (namespace) (kafka_server_kafkaserver_brokerstate)",
                    PROJECT,
                ),
                graph("ZooKeeper servers", "short", "count by (namespace) (zookeeper_quorumsize)", PROJECT),
                graph(
                    "Least free disk",
                    "percentunit",
                    `min by (namespace) (
                    kubelet_volume_stats_available_bytes{persistentvolumeclaim=~"data-(kafka|zookeeper)-[0-9]+"}
                    / kubelet_volume_stats_capacity_bytes)`,
                    PROJECT,
                ),
                graph(
                    "Days until the first certificate expires",
                    "d",
                    "min by (namespace) (unity_kafka_certificate_not_after_seconds - time()) / 86400",
                    PROJECT,
                ),
            ],
        },
        {
            title: "Load",
            panels: [
                graph(
                    "Bytes in",
                    "Bps",
                    `sum by (namespace) (rate(kafka_server_brokertopicmetrics_bytesin_total{topic=""}[5m]))`,
                    PROJECT,
                ),
                graph(
                    "Bytes out",
                    "Bps",
                    `sum by (namespace) (rate(kafka_server_brokertopicmetrics_bytesout_total{topic=""}[5m]))`,
                    PROJECT,
                ),
                graph(
                    "Produce requests, 99 % take",
                    "ms",
                    `max by (namespace) (kafka_network_requestmetrics_totaltimems{quantile="0.99", request="Produce"})`,
                    PROJECT,
                ),
                graph(
                    "Request handlers idle",
                    "percentunit",
                    `min by (namespace) (rate(
                    kafka_server_kafkarequesthandlerpool_requesthandleravgidlepercent_count_total[5m])) / 1e9`,
                    PROJECT,
                ),
                graph(
                    "Longest lag of a consumer group",
                    "s",
                    "max by (namespace) (kafka_consumergroup_lag_seconds)",
                    PROJECT,
                ),
                graph(
                    "Longest way over a bridge",
                    "ms",
                    "max by (namespace) (kafka_connect_mirror_replication_latency_ms_avg)",
                    PROJECT,
                ),
            ],
        },
    ],
};
