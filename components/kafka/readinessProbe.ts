import { KAFKA } from "../../common/names.ts";

const METRICS = {
    state: "kafka_server_kafkaserver_brokerstate",
    requests: "kafka_network_requestmetrics_errors_total",
    partitions: "kafka_server_replicamanager_partitioncount",
    leaders: "kafka_server_replicamanager_leadercount",
    lag: "kafka_server_fetcherlagmetrics_consumerlag",
    failed: "kafka_server_replicafetchermanager_failedpartitionscount",
    dead: "kafka_server_replicafetchermanager_deadthreadcount",
} as const;

/** What the probe of a broker knows since the broker's start, which removes it. */
export const READINESS_FOLDER = "/tmp/readiness";

/** Seconds from one observation of a starting broker to the next. */
const PAUSE = 1;
/** The same while no LeaderAndIsr came: longer than the controller takes from UpdateMetadata to LeaderAndIsr. */
const PAUSE_WITHOUT_PARTITIONS = 2;
/** Probes from one look at the replicas of a Ready broker to the next: a minute with the default period of 5 s. */
const PROBES_PER_CHECK = 12;
/** Checks in a row that must find a Ready broker out of sync. */
const FAILED_CHECKS = 2;

/**
 * The readiness probe of a broker: a shell script that needs nothing but sh, nc, timeout, grep, mkdir and sleep.
 *
 * Ready means in sync, as far as the broker itself sees it. Asking ZooKeeper would make a lost quorum look like
 * broken brokers. What it asks for, and why, is in docs/operations.md.
 *
 * @param folder where the script keeps what it knows
 */
export function readinessScript(folder = READINESS_FOLDER): string {
    return `${functions(folder)}
if [ "$in_sync" = 2 ]; then
${indent(KEEP_READY)}
else
${indent(BECOME_READY)}
fi
`;
}

const METRICS_PATH = `/metrics?${Object.values(METRICS)
    .map((name) => `name%5B%5D=${name}`)
    .join("&")}`;

/** Requests of the controller that the broker has carried out; those of a former session are errors. */
const carriedOut = (request: string) => `${METRICS.requests}{error="NONE",request="${request}"}`;

/**
 * The limit is the probe's own: the agent collects all of its beans before it says anything, and a broker that hangs
 * takes the connection and never answers, for which `nc` would wait for ever, and the kubelet for `nc`.
 */
const functions = (folder: string) => `dir=${folder}
mkdir -p $dir
ask() { printf '%s\\r\\n\\r\\n' "GET $1 HTTP/1.0" | timeout "$2" nc 127.0.0.1 ${KAFKA.ports.metrics} > $dir/answer; }
value() { value=$(grep "^$1 " $dir/answer); value=\${value##* }; value=\${value%%.*}; value=\${value:-$2}; }
stored() { value=$2; [ -s $dir/$1 ] && read -r value < $dir/$1; }
in_sync_partitions() { grep '^${METRICS.lag}{.* 0\\.0$' $dir/answer | grep -o 'partition=.*}'; }
partitions_behind() { grep '^${METRICS.lag}{' $dir/answer | grep -v ' 0\\.0$' | grep -o 'partition=.*}'; }
stored in-sync 0; in_sync=$value`;

/** After its start: what the controller has told it must have been carried out, and then be in sync twice in a row. */
const BECOME_READY = `stored told none; told=$value
for observation in 1 2 3; do
  ask '${METRICS_PATH}' 30
  value '${METRICS.state}' none; state=$value
  [ "$state" = 3 ] || { echo "broker state is $state, not 3 (running)"; exit 1; }
  value '${carriedOut("LeaderAndIsr")}' 0; leader_and_isr=$value
  value '${carriedOut("UpdateMetadata")}' 0; update_metadata=$value
  value '${METRICS.partitions}' 0; known=$value
  value '${METRICS.leaders}' 0; leads=$value
  follows=$(in_sync_partitions | grep -c .)
  behind=$(partitions_behind)
  if [ "$leader_and_isr" -gt 0 ]; then now=partitions pause=${PAUSE}; else now=brokers pause=${PAUSE_WITHOUT_PARTITIONS}; fi
  if [ $((leader_and_isr + update_metadata)) = 0 ]; then
    echo "the controller has not told it its partitions"; exit 1
  elif [ "$told" != $now ]; then
    # What was counted may be older than what it was told.
    told=$now in_sync=0 says="the controller has just told it its partitions"
  elif [ -n "$behind" ]; then
    in_sync=0 says="still behind: \${behind%%\\}*}}"
  elif [ $((leads + follows)) -lt "$known" ]; then
    in_sync=0 says="leads $leads and follows $follows of $known partitions"
  else
    in_sync=$((in_sync + 1)) says="has been in sync for less than $pause s"
  fi
  echo $told > $dir/told
  [ $in_sync = 2 ] && in_sync_partitions > $dir/partitions
  echo $in_sync > $dir/in-sync
  [ $in_sync = 2 ] && exit 0
  [ $observation = 3 ] || sleep $pause
done
echo "$says"
exit 1`;

/** Once it was in sync: it must answer, and replicas that were in sync must not be behind for long. */
const KEEP_READY = `ask /-/healthy 5
grep -q ' 200 ' $dir/answer || { echo "the broker does not answer"; exit 1; }
stored probes 0; probes=$((value + 1))
stored failed-checks 0; failed_checks=$value
if [ $probes -lt ${PROBES_PER_CHECK} ]; then
  echo $probes > $dir/probes
else
  echo 0 > $dir/probes
  ask '${METRICS_PATH}' 30
  if grep -q '^${METRICS.state} ' $dir/answer; then
    value '${METRICS.failed}{clientId="Replica"}' 0; stuck=$value
    value '${METRICS.dead}{clientId="Replica"}' 0; stuck=$((stuck + value))
    # A replica that has never been in sync is one that is being added, and none that a drain could count on.
    partitions_behind | grep -x -F -f $dir/partitions > $dir/behind
    { in_sync_partitions; while read -r line; do echo "$line"; done < $dir/behind; } > $dir/partitions
    if [ -s $dir/behind ] || [ "$stuck" -gt 0 ]; then failed_checks=$((failed_checks + 1)); else failed_checks=0; fi
    echo $failed_checks > $dir/failed-checks
  fi
fi
[ "$failed_checks" -lt ${FAILED_CHECKS} ] || { stored behind 'a fetcher has failed'; echo "out of sync for minutes: $value"; exit 1; }`;

function indent(text: string): string {
    return text.replaceAll(/^(?=.)/gm, "  ");
}
