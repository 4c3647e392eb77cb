import { KAFKA } from "../../common/names.ts";
import { KAFKA_DATA } from "./serverProperties.ts";

const METRICS = {
    state: "kafka_server_kafkaserver_brokerstate",
    partitions: "kafka_server_replicamanager_partitioncount",
    leaders: "kafka_server_replicamanager_leadercount",
    lag: "kafka_server_fetcherlagmetrics_consumerlag",
} as const;

/** Where a broker notes that it has caught up since its start; its start removes it. */
export const IN_SYNC_FILE = "/tmp/caught-up";

/**
 * The readiness probe of a broker: a shell script that needs nothing but sh and nc.
 *
 * Ready means caught up. A rolling update takes the next broker as soon as this one is Ready, so Ready must not come
 * before every partition here is in sync again: the broker is running, knows each partition that lies on its disk,
 * leads it or has fetched it to the leader's high watermark, which is what admits a follower to the in-sync replicas.
 *
 * All of it is seen on the broker itself. Asking ZooKeeper would make a lost quorum look like broken brokers.
 * Once it has caught up it stays Ready: a slow follower is the business of alerts, not of the bootstrap service.
 *
 * @param data folder with a folder for each partition
 * @param mark file that says that the broker has caught up since its start
 */
export function readinessScript(data = KAFKA_DATA, mark = IN_SYNC_FILE): string {
    const query = Object.values(METRICS)
        .map((name) => `name%5B%5D=${name}`)
        .join("&");
    return `[ -e ${mark} ] && exit 0
on_disk=0
for dir in ${data}/*-*/; do
  case $dir in
    *-delete/ | *-stray/ | *-future/ | *'*'*) ;;
    *) on_disk=$((on_disk + 1)) ;;
  esac
done
printf '%s\\r\\n\\r\\n' 'GET /metrics?${query} HTTP/1.0' | nc -w 5 127.0.0.1 ${KAFKA.ports.metrics} | {
  state=none known=none leading=0 fetched=0 behind=
  while read -r line; do
    value=\${line##* }
    case $line in
      '${METRICS.state} '*) state=\${value%%.*} ;;
      '${METRICS.partitions} '*) known=\${value%%.*} ;;
      '${METRICS.leaders} '*) leading=\${value%%.*} ;;
      '${METRICS.lag}{'*' 0.0') fetched=$((fetched + 1)) ;;
      '${METRICS.lag}{'*) behind=$line ;;
    esac
  done
  [ "$state" = 3 ] || { echo "broker state is $state, not 3 (running)"; exit 1; }
  [ "$known" = "$on_disk" ] || { echo "knows $known partitions of $on_disk on disk"; exit 1; }
  [ -z "$behind" ] || { echo "still behind: $behind"; exit 1; }
  [ $((leading + fetched)) -ge "$known" ] || { echo "leads $leading and follows $fetched of $known partitions"; exit 1; }
} && : > ${mark}
`;
}
