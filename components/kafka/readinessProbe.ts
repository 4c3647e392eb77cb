import { KAFKA } from "../../common/names.ts";
import { metricsScript } from "../monitoring/metricsScript.ts";
import { KAFKA_DATA } from "./serverProperties.ts";

const METRICS = {
    state: "kafka_server_kafkaserver_brokerstate",
    partitions: "kafka_server_replicamanager_partitioncount",
    leaders: "kafka_server_replicamanager_leadercount",
    lag: "kafka_server_fetcherlagmetrics_consumerlag",
} as const;

/** Exists once a broker has been in sync since its start; its start removes it. */
export const IN_SYNC_FILE = "/tmp/in-sync";

/**
 * The readiness probe of a broker: a shell script that needs nothing but sh and nc.
 *
 * Ready means in sync. A rolling update takes the next broker as soon as this one is Ready, so Ready must not come
 * before every partition here is in sync again: the broker is running, knows each partition that lies on its disk,
 * leads it or has fetched it to the leader's high watermark, which is what admits a follower to the in-sync replicas.
 *
 * All of it is seen on the broker itself. Asking ZooKeeper would make a lost quorum look like broken brokers.
 * Once it was in sync it stays Ready: a slow follower is the business of alerts, not of the bootstrap service.
 *
 * @param data folder with a folder for each partition
 * @param inSyncFile file that the script creates, and that makes each later run succeed at once
 */
export function readinessScript(data = KAFKA_DATA, inSyncFile = IN_SYNC_FILE): string {
    return `[ -e ${inSyncFile} ] && exit 0
on_disk=0
for dir in ${data}/*-*/; do
  case $dir in
    *-delete/ | *-stray/ | *-future/ | *'*'*) ;;
    *) on_disk=$((on_disk + 1)) ;;
  esac
done
${inSyncScript} && : > ${inSyncFile}
`;
}

const inSyncScript = metricsScript({
    port: KAFKA.ports.metrics,
    metrics: Object.values(METRICS),
    variables: ["state=none", "known=none", "leading=0", "fetched=0", "behind="],
    cases: [
        `'${METRICS.state} '*) state=\${value%%.*} ;;`,
        `'${METRICS.partitions} '*) known=\${value%%.*} ;;`,
        `'${METRICS.leaders} '*) leading=\${value%%.*} ;;`,
        `'${METRICS.lag}{'*' 0.0') fetched=$((fetched + 1)) ;;`,
        `'${METRICS.lag}{'*) behind=$line ;;`,
    ],
    checks: [
        `[ "$state" = 3 ] || { echo "broker state is $state, not 3 (running)"; exit 1; }`,
        `[ "$known" = "$on_disk" ] || { echo "knows $known partitions of $on_disk on disk"; exit 1; }`,
        `[ -z "$behind" ] || { echo "still behind: $behind"; exit 1; }`,
        `[ $((leading + fetched)) -ge "$known" ] || { echo "leads $leading and follows $fetched of $known partitions"; exit 1; }`,
    ],
});
