/**
 * Rules of the Prometheus JMX agent. Names follow the habit of Kafka's dashboards, so that those fit:
 * `kafka_server_replicamanager_underreplicatedpartitions`, `zookeeper_outstandingrequests`.
 */

interface Rule {
    readonly pattern: string;
    readonly name: string;
    readonly type?: "COUNTER" | "GAUGE";
    readonly labels?: Record<string, string>;
}

function metricsYaml(objects: string, rules: Rule[]): string {
    // JSON is YAML, and needs no rules of quoting of its own.
    return `${JSON.stringify({ lowercaseOutputName: true, includeObjectNames: [objects], rules }, null, 1)}\n`;
}

/** Besides type and name Kafka's beans carry none to three more keys; those with most must be tried first. */
const KEYS = [3, 2, 1, 0];

export function kafkaMetrics(): string {
    const rules = KEYS.flatMap((count): Rule[] => {
        const keys = ", (\\w+)=([^,>]+)".repeat(count);
        const bean = (name: string) => `kafka.(\\w+)<type=([^,>]+), name=${name}${keys}>`;
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
                pattern: `${bean("([^,>]+)")}<>(\\d+)thPercentile`,
                name: "kafka_$1_$2_$3",
                type: "GAUGE",
                labels: { ...labels, quantile: `0.$${4 + 2 * count}` },
            },
        ];
    });
    return metricsYaml("kafka.*:*", rules);
}

export function zookeeperMetrics(): string {
    const server = "org.apache.ZooKeeperService<name0=[^,>]+";
    return metricsYaml("org.apache.ZooKeeperService:*", [
        { pattern: `${server}, name1=[^,>]+, name2=\\w+, name3=(\\w+)><>(\\w+)`, name: "zookeeper_$1_$2" },
        { pattern: `${server}, name1=[^,>]+, name2=\\w+><>(\\w+)`, name: "zookeeper_$1" },
        { pattern: `${server}><>(\\w+)`, name: "zookeeper_$1" },
    ]);
}
