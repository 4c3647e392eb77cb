/** What Google's Managed Service for Prometheus costs for the metrics of an environment, as an estimate. */
import { replication } from "../common/replication.ts";
import type { PlannedEnvironment, PlannedProject } from "./model.ts";
import { MANAGED_PROMETHEUS, MONTH_HOURS } from "./pricing.ts";

/**
 * Series that a server exports: of a broker by itself, of each topic and of each replica of a partition that it has, and of
 * a ZooKeeper server. Measured on 2026-11-29 with Kafka 3.9.2 on the embedded platform (472 of a broker with one topic and
 * six replicas, 159 of a ZooKeeper server), those of a topic counted by the meters that Kafka has for it.
 */
const SERIES = { broker: 450, topic: 13, replica: 2, zookeeperServer: 160 } as const;

/** Partitions of Kafka's own topic of committed offsets (offsets.topic.num.partitions). */
const OFFSETS_PARTITIONS = 50;

/** USD per month; 0 where Google does not collect. Bridges and the lags of consumer groups are not counted. */
export function metricsMonth({
    projects,
    monitoring,
}: Pick<PlannedEnvironment, "projects" | "monitoring">): number {
    if (monitoring.collector !== "google") {
        return 0;
    }
    const series = projects.reduce((all, project) => all + seriesOf(project), 0);
    const samples = series * ((MONTH_HOURS * 3600) / monitoring.interval);
    return (samples / 1e6) * MANAGED_PROMETHEUS.millionSamples;
}

/** Of all servers of a Project. */
export function seriesOf({
    kafka,
    zookeeper,
    topics,
}: Pick<PlannedProject, "kafka" | "zookeeper" | "topics">): number {
    const own = { partitions: OFFSETS_PARTITIONS, replicationFactor: replication(kafka).factor };
    const ofTopics = [own, ...topics].map(({ partitions, replicationFactor }) => {
        const replicas = partitions * replicationFactor;
        return replicas * SERIES.replica + Math.min(replicas, kafka.brokers) * SERIES.topic;
    });
    return (
        kafka.brokers * SERIES.broker +
        zookeeper.servers * SERIES.zookeeperServer +
        ofTopics.reduce((all, count) => all + count, 0)
    );
}
