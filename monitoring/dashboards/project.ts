import { count, type Dashboard, graph, type Row } from "./dashboard.ts";

/** The series of a broker itself, not those of each of its topics. */
const ofBroker = (metric: string) => `sum by (pod) (rate(${metric}{topic=""}[5m]))`;
const ofTopics = (metric: string) => `topk(10, sum by (topic) (rate(${metric}{topic!=""}[5m])))`;
const p99 = (request: string) =>
    `max by (pod) (kafka_network_requestmetrics_totaltimems{quantile="0.99", request="${request}"})`;
const BROKER = "{{pod}}";

const health: Row = {
    title: "Health",
    panels: [
        count("Partitions without a leader", "max(kafka_controller_kafkacontroller_offlinepartitionscount)"),
        count("Partitions under min ISR", "sum(kafka_server_replicamanager_underminisrpartitioncount)"),
        count("Under-replicated partitions", "sum(kafka_server_replicamanager_underreplicatedpartitions)"),
        count("Failed log directories", "sum(kafka_log_logmanager_offlinelogdirectorycount)"),
        graph("Brokers", "short", "count(kafka_server_kafkaserver_brokerstate)", "brokers"),
        graph("ZooKeeper servers", "short", "count(zookeeper_quorumsize)", "servers"),
        graph(
            "Active controllers",
            "short",
            "sum(kafka_controller_kafkacontroller_activecontrollercount)",
            "controllers",
        ),
        graph(
            "Certificates: days until the first expires",
            "d",
            "min by (certificate, name) (unity_kafka_certificate_not_after_seconds - time()) / 86400",
            "{{certificate}} {{name}}",
        ),
    ],
};

const traffic: Row = {
    title: "Traffic",
    panels: [
        graph("Bytes in", "Bps", ofBroker("kafka_server_brokertopicmetrics_bytesin_total"), BROKER),
        graph("Bytes out", "Bps", ofBroker("kafka_server_brokertopicmetrics_bytesout_total"), BROKER),
        graph("Produce requests, 99 % take", "ms", p99("Produce"), BROKER),
        graph("Fetch requests of consumers, 99 % take", "ms", p99("FetchConsumer"), BROKER, {
            description: "A consumer without new records waits, so this is no latency of the broker's own.",
        }),
        graph(
            "Records in, by topic",
            "ops",
            ofTopics("kafka_server_brokertopicmetrics_messagesin_total"),
            "{{topic}}",
        ),
        graph(
            "Refused requests",
            "ops",
            `sum by (pod) (rate(kafka_server_brokertopicmetrics_failedproducerequests_total{topic=""}[5m])
            + rate(kafka_server_brokertopicmetrics_failedfetchrequests_total{topic=""}[5m]))`,
            BROKER,
        ),
    ],
};

const brokers: Row = {
    title: "Brokers",
    panels: [
        graph(
            "Request handlers idle",
            "percentunit",
            `min by (pod) (rate(
            kafka_server_kafkarequesthandlerpool_requesthandleravgidlepercent_count_total[5m])) / 1e9`,
            BROKER,
        ),
        graph(
            "Network threads idle",
            "percentunit",
            "min by (pod) (kafka_network_socketserver_networkprocessoravgidlepercent)",
            BROKER,
        ),
        graph("CPU", "short", "max by (pod) (rate(process_cpu_seconds_total[5m]))", BROKER),
        graph("Java heap", "bytes", `max by (pod) (jvm_memory_used_bytes{area="heap"})`, BROKER),
        graph(
            "Time in garbage collection",
            "percentunit",
            "sum by (pod) (rate(jvm_gc_collection_seconds_sum[5m]))",
            BROKER,
        ),
        graph("Leaders", "short", "max by (pod) (kafka_server_replicamanager_leadercount)", BROKER),
        graph(
            "Shrunk in-sync replicas",
            "ops",
            "sum by (pod) (rate(kafka_server_replicamanager_isrshrinks_total[5m]))",
            BROKER,
        ),
        graph(
            "Followers behind, records",
            "short",
            "max by (pod) (kafka_server_replicafetchermanager_maxlag)",
            BROKER,
        ),
        graph(
            "Connections",
            "short",
            "sum by (pod) (kafka_server_socket_server_metrics_connection_count)",
            BROKER,
        ),
        graph("Log size, by topic", "bytes", "topk(10, sum by (topic) (kafka_log_log_size))", "{{topic}}"),
        graph(
            "Free disk",
            "percentunit",
            `min by (persistentvolumeclaim) (
            kubelet_volume_stats_available_bytes{persistentvolumeclaim=~"data-(kafka|zookeeper)-[0-9]+"}
            / kubelet_volume_stats_capacity_bytes)`,
            "{{persistentvolumeclaim}}",
        ),
        graph(
            "Restarts in an hour",
            "short",
            "max by (pod) (changes(process_start_time_seconds[1h]))",
            BROKER,
        ),
    ],
};

const consumers: Row = {
    title: "Consumer groups",
    panels: [
        graph(
            "Lag in records",
            "short",
            "max by (consumergroup, topic) (kafka_consumergroup_lag)",
            "{{consumergroup}} {{topic}}",
        ),
        graph(
            "Lag in seconds",
            "s",
            "max by (consumergroup, topic) (kafka_consumergroup_lag_seconds)",
            "{{consumergroup}} {{topic}}",
            { description: "For how long there has been a record that the group has not committed." },
        ),
        graph("Groups", "short", "sum(kafka_coordinator_group_groupmetadatamanager_numgroups)", "groups"),
        graph(
            "Groups that rebalance",
            "short",
            "sum(kafka_coordinator_group_groupmetadatamanager_numgroupspreparingrebalance)",
            "groups",
        ),
    ],
};

const zookeeper: Row = {
    title: "ZooKeeper",
    panels: [
        graph(
            "Requests take, mean since the start",
            "ms",
            "max by (pod) (zookeeper_avgrequestlatency)",
            BROKER,
        ),
        graph("Requests that wait", "short", "max by (pod) (zookeeper_outstandingrequests)", BROKER),
        graph(
            "Requests of brokers, 99 % take",
            "ms",
            `max by (pod) (kafka_server_zookeeperclientmetrics_zookeeperrequestlatencyms{quantile="0.99"})`,
            BROKER,
        ),
        graph("Connections", "short", "max by (pod) (zookeeper_numaliveconnections)", BROKER),
        graph("Nodes of the tree", "short", "max by (pod) (zookeeper_inmemorydatatree_nodecount)", BROKER),
        graph("Slow writes to disk", "short", "max by (pod) (zookeeper_fsyncthresholdexceedcount)", BROKER),
        graph(
            "Lost sessions of brokers",
            "ops",
            "sum by (pod) (rate(kafka_server_sessionexpirelistener_zookeeperexpires_total[5m]))",
            BROKER,
        ),
    ],
};

const bridge: Row = {
    title: "Bridge to IKP",
    panels: [
        graph(
            "Time until a record has crossed",
            "ms",
            "max by (target, topic) (kafka_connect_mirror_replication_latency_ms_avg)",
            "{{topic}} to {{target}}",
        ),
        graph(
            "Records that have not crossed",
            "short",
            "sum by (source, topic) (kafka_connect_mirror_records_lag)",
            "{{topic}} from {{source}}",
        ),
        graph(
            "Records that have crossed",
            "ops",
            "sum by (target, topic) (rate(kafka_connect_mirror_record_count_total[5m]))",
            "{{topic}} to {{target}}",
        ),
        {
            title: "Tasks",
            unit: "short",
            queries: [
                { expr: "sum(kafka_connect_assigned_tasks)", legend: "assigned" },
                { expr: "count(kafka_connect_mirror_task_start_time_ms)", legend: "running" },
            ],
        },
    ],
};

export const PROJECT: Dashboard = {
    name: "unity-kafka-project",
    title: "Unity Kafka: a Project",
    ofOneProject: true,
    rows: [health, traffic, brokers, consumers, zookeeper, bridge],
};
