/**
 * Rules of the Prometheus JMX agent. Names follow the habit of Kafka's dashboards, so that those fit:
 * `kafka_server_replicamanager_underreplicatedpartitions`, `zookeeper_outstandingrequests`.
 */

import { ANY_JVM, type Expiry, expiryRules } from "./certificateExpiry.ts";

export interface Rule {
    readonly pattern: string;
    readonly name: string;
    readonly type?: "COUNTER" | "GAUGE";
    /** What the metric is, instead of the bean's own value. */
    readonly value?: number;
    readonly labels?: Record<string, string>;
}

function metricsYaml(
    objects: readonly string[],
    rules: readonly Rule[],
    certificates: readonly Expiry[],
): string {
    const settings = {
        lowercaseOutputName: true,
        includeObjectNames: [...objects, ANY_JVM],
        rules: [...rules, ...expiryRules(certificates)],
    };
    // JSON is YAML, and needs no rules of quoting of its own.
    return `${JSON.stringify(settings, null, 1)}\n`;
}

/** Requests that clients and followers wait for. Of each kind of request, of which there are 80, it would be 5,000 series. */
const TIMED_REQUESTS = ["Produce", "FetchConsumer", "FetchFollower"];

/**
 * The beans of a broker that are exported. Those of each partition are one of its followers and one of its log: the
 * agent reads all that are listed for each scrape and each probe, and Kafka has eleven of each partition.
 */
const KAFKA_BEANS = [
    // Under-replicated, offline, under min ISR: as counts, not for each partition.
    "kafka.server:type=ReplicaManager,*",
    "kafka.server:type=ReplicaFetcherManager,*",
    "kafka.server:type=FetcherLagMetrics,*",
    "kafka.server:type=BrokerTopicMetrics,*",
    "kafka.server:type=KafkaServer,*",
    "kafka.server:type=KafkaRequestHandlerPool,*",
    "kafka.server:type=DelayedOperationPurgatory,*",
    "kafka.server:type=SessionExpireListener,*",
    "kafka.server:type=ZooKeeperClientMetrics,*",
    "kafka.server:type=socket-server-metrics,*",
    "kafka.controller:type=KafkaController,*",
    "kafka.controller:type=ControllerStats,*",
    "kafka.network:type=SocketServer,*",
    "kafka.network:type=RequestChannel,*",
    "kafka.network:type=RequestMetrics,name=ErrorsPerSec,*",
    ...TIMED_REQUESTS.map((request) => `kafka.network:type=RequestMetrics,request=${request},*`),
    "kafka.log:type=Log,name=Size,*",
    "kafka.log:type=LogManager,*",
    "kafka.log:type=LogFlushStats,*",
    "kafka.log:type=LogCleaner,*",
    "kafka.log:type=LogCleanerManager,*",
    "kafka.coordinator.group:type=GroupMetadataManager,*",
];

/** Besides type and name Kafka's beans carry none to three more keys; those with most must be tried first. */
const KEYS = [3, 2, 1, 0];

/** @param certificates what the brokers read, and those of the cluster's clients */
export function kafkaMetrics(certificates: readonly Expiry[]): string {
    const rules = KEYS.flatMap((count): Rule[] => {
        const keys = ", (\\w+)=([^,>]+)".repeat(count);
        const bean = (name: string) => `kafka.([\\w.]+)<type=([^,>]+), name=${name}${keys}>`;
        const labels = Object.fromEntries(
            Array.from({ length: count }, (_, i) => [`$${4 + 2 * i}`, `$${5 + 2 * i}`]),
        );
        return [
            {
                pattern: `${bean("([^,>]+)PerSec\\w*")}<>Count`,
                name: "kafka_$1_$2_$3_total",
                type: "COUNTER",
                labels,
            },
            { pattern: `${bean("([^,>]+)")}<>Count`, name: "kafka_$1_$2_$3_count", type: "COUNTER", labels },
            {
                pattern: `${bean("([^,>]+)")}<>(?:Value|Number)`,
                name: "kafka_$1_$2_$3",
                type: "GAUGE",
                labels,
            },
            {
                pattern: `${bean("([^,>]+)")}<>(50|95|99|999)thPercentile`,
                name: "kafka_$1_$2_$3",
                type: "GAUGE",
                labels: { ...labels, quantile: `0.$${4 + 2 * count}` },
            },
        ];
    });
    const connections: Rule = {
        pattern:
            "kafka.server<type=socket-server-metrics, listener=([^,>]+), networkProcessor=([^,>]+)><>connection-count",
        name: "kafka_server_socket_server_metrics_connection_count",
        type: "GAUGE",
        labels: { listener: "$1", networkProcessor: "$2" },
    };
    return metricsYaml(KAFKA_BEANS, [...rules, connections], certificates);
}

/** @param certificates what the servers read */
export function zookeeperMetrics(certificates: readonly Expiry[]): string {
    const server = "org.apache.ZooKeeperService<name0=[^,>]+";
    const rules: Rule[] = [
        { pattern: `${server}, name1=[^,>]+, name2=\\w+, name3=(\\w+)><>(\\w+)`, name: "zookeeper_$1_$2" },
        { pattern: `${server}, name1=[^,>]+, name2=\\w+><>(\\w+)`, name: "zookeeper_$1" },
        { pattern: `${server}><>(\\w+)`, name: "zookeeper_$1" },
    ];
    return metricsYaml(["org.apache.ZooKeeperService:*"], rules, certificates);
}

/** A task of MirrorMaker, in patterns that end in the colon before a value, by the name of one of its clients: `SOURCE->TARGET|MirrorSourceConnector-0|ROLE`. */
const task = (role: string) => `"([^"|]+)->([^"|]+)\\|Mirror(\\w+)Connector-(\\d+)\\|${role}"`;

/** What the bridge's probes read. */
export const BRIDGE_METRICS = {
    /** Tasks that a worker was assigned; label `flow`, as `SOURCE->TARGET`. */
    assigned: "kafka_connect_assigned_tasks",
    /** Seconds since a worker's last sign of life to its group; -1 before the first. */
    heartbeat: "kafka_connect_last_heartbeat_seconds_ago",
    /** When a task that runs was started, ms; labels `source`, `target`, `connector` and `task`. */
    started: "kafka_connect_mirror_task_start_time_ms",
} as const;

/**
 * How far behind the bridge is, by topic and partition: `kafka_connect_mirror_records_lag` in records that it has still to
 * read, and `kafka_connect_mirror_replication_latency_ms` and `..._record_age_ms` in time; those with `_avg` and `_max`
 * are of the last minute, and have no number where nothing crossed. `kafka_connect_mirror_records_lead` are the records
 * from the earliest that the source retains to the next one: at 0 the next may be deleted before it crosses.
 * `kafka_connect_mirror_fetch_rate` are a task's answers from its source each second, also where there is no record: 0 for
 * one that waits for its source or for its target. The topic is called as where it comes from.
 *
 * @param certificates what the bridge reads
 */
export function bridgeMetrics(certificates: readonly Expiry[]): string {
    const started = { name: BRIDGE_METRICS.started, type: "GAUGE" } as const;
    const taskLabels = { source: "$1", target: "$2", connector: "$3", task: "$4" };
    return metricsYaml(
        [
            "kafka.connect.mirror:type=MirrorSourceConnector,*",
            "kafka.connect:type=connect-coordinator-metrics,*",
            "kafka.consumer:type=consumer-fetch-manager-metrics,*",
            "kafka.consumer:type=app-info,*",
            "kafka.admin.client:type=app-info,*",
        ],
        [
            {
                pattern:
                    "kafka.connect.mirror<type=MirrorSourceConnector, target=([^,>]+), topic=([^,>]+), partition=([^,>]+)><>((?:record|byte)-count):",
                name: "kafka_connect_mirror_$4_total",
                type: "COUNTER",
                labels: { target: "$1", topic: "$2", partition: "$3" },
            },
            {
                pattern:
                    "kafka.connect.mirror<type=MirrorSourceConnector, target=([^,>]+), topic=([^,>]+), partition=([^,>]+)><>((?:record-age|replication-latency)-ms(?:-avg|-max)?):",
                name: "kafka_connect_mirror_$4",
                type: "GAUGE",
                labels: { target: "$1", topic: "$2", partition: "$3" },
            },
            {
                pattern: `kafka.consumer<type=consumer-fetch-manager-metrics, client-id=${task("replication-consumer")}, topic=([^,>]+), partition=([^,>]+)><>records-(lag|lead):`,
                name: "kafka_connect_mirror_records_$7",
                type: "GAUGE",
                labels: { source: "$1", target: "$2", task: "$4", topic: "$5", partition: "$6" },
            },
            {
                pattern: `kafka.consumer<type=consumer-fetch-manager-metrics, client-id=${task("replication-consumer")}><>fetch-rate:`,
                name: "kafka_connect_mirror_fetch_rate",
                type: "GAUGE",
                labels: { source: "$1", target: "$2", task: "$4" },
            },
            {
                pattern: `kafka.connect<type=connect-coordinator-metrics, client-id="([^"]+)"><>(assigned-tasks|last-heartbeat-seconds-ago):`,
                name: "kafka_connect_$2",
                type: "GAUGE",
                labels: { flow: "$1" },
            },
            {
                pattern: `kafka.consumer<type=app-info, client-id=${task("replication-consumer")}><>start-time-ms:`,
                ...started,
                labels: taskLabels,
            },
            {
                pattern: `kafka.admin.client<type=app-info, client-id=${task("checkpoint-source-admin")}><>start-time-ms:`,
                ...started,
                labels: taskLabels,
            },
        ],
        certificates,
    );
}
