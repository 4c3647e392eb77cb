import { type Dashboard, graph, type Panel, type Unit } from "./dashboard.ts";

/** A graph with a series for each Project. */
const byProject = (title: string, unit: Unit, expr: string): Panel =>
    graph(title, unit, expr, "{{namespace}}");

/** All Projects beside each other: which one to look at. */
export const ENVIRONMENT: Dashboard = {
    name: "unity-kafka-environment",
    title: "Unity Kafka: all Projects",
    ofOneProject: false,
    rows: [
        {
            title: "Health",
            panels: [
                byProject(
                    "Partitions without a leader",
                    "short",
                    "max by (namespace) (kafka_controller_kafkacontroller_offlinepartitionscount)",
                ),
                byProject(
                    "Under-replicated partitions",
                    "short",
                    "sum by (namespace) (kafka_server_replicamanager_underreplicatedpartitions)",
                ),
                byProject("Brokers", "short", "count by (namespace) (kafka_server_kafkaserver_brokerstate)"),
                byProject("ZooKeeper servers", "short", "count by (namespace) (zookeeper_quorumsize)"),
                byProject(
                    "Least free disk",
                    "percentunit",
                    `min by (namespace) (
                    kubelet_volume_stats_available_bytes{persistentvolumeclaim=~"data-(kafka|zookeeper)-[0-9]+"}
                    / kubelet_volume_stats_capacity_bytes)`,
                ),
                byProject(
                    "Days until the first certificate expires",
                    "d",
                    "min by (namespace) (unity_kafka_certificate_not_after_seconds - time()) / 86400",
                ),
            ],
        },
        {
            title: "Load",
            panels: [
                byProject(
                    "Bytes in",
                    "Bps",
                    `sum by (namespace) (rate(kafka_server_brokertopicmetrics_bytesin_total{topic=""}[5m]))`,
                ),
                byProject(
                    "Bytes out",
                    "Bps",
                    `sum by (namespace) (rate(kafka_server_brokertopicmetrics_bytesout_total{topic=""}[5m]))`,
                ),
                byProject(
                    "Produce requests, 99 % take",
                    "ms",
                    `max by (namespace) (kafka_network_requestmetrics_totaltimems{quantile="0.99", request="Produce"})`,
                ),
                byProject(
                    "Request handlers idle",
                    "percentunit",
                    `min by (namespace) (rate(
                    kafka_server_kafkarequesthandlerpool_requesthandleravgidlepercent_count_total[5m])) / 1e9`,
                ),
                byProject(
                    "Longest lag of a consumer group",
                    "s",
                    "max by (namespace) (kafka_consumergroup_lag_seconds)",
                ),
                byProject(
                    "Longest way over a bridge",
                    "ms",
                    "max by (namespace) (kafka_connect_mirror_replication_latency_ms_avg)",
                ),
            ],
        },
    ],
};
