/** Where a bridge begins to read: a shell script that runs before MirrorMaker and needs nothing but sh, cat and grep. */
import type { BridgeConfig } from "../../config/schema/bridge.ts";
import { CLIENT_FOLDER } from "../../kafka/client/clientFiles.ts";
import { IKP_FOLDER } from "./ikpCredentials.ts";
import { type Flow, INTERNAL, OFFSETS_PARTITIONS, offsetsTopic } from "./properties.ts";

/** Topic with what the bridge has begun to read, a record each: where its offsets are, a slash, and the inbound topic. */
const STARTS = `${INTERNAL}starts`;

export interface StartScriptArgs {
    readonly from: BridgeConfig["from"];
    readonly flows: readonly Flow[];
    /** host:port of the Project's brokers. */
    readonly bootstrap: string;
    /** Path of the settings of Kafka's tools for IKP. */
    readonly ikpProperties: string;
    /** Replicas of the bridge's own topics. */
    readonly replicationFactor: number;
}

/**
 * The script, which succeeds once every inbound topic has a place to begin at.
 *
 * MirrorMaker itself always begins at the earliest record. Its own `auto.offset.reset=latest` would lose records in
 * silence, as it counts for each partition without a committed offset whenever a task starts: for one that IKP has just
 * added, and for one that gets its first record while the bridge restarts. So the script commits for MirrorMaker, once for
 * each topic, the offsets at which the topic ends. A topic that is not there yet has none: all of its records will be new.
 *
 * A bridge that an older version has started keeps on reading where it is.
 */
export function startScript({
    from,
    flows,
    bootstrap,
    ikpProperties,
    replicationFactor,
}: StartScriptArgs): string {
    const inbound = flows.filter((flow) => flow.inbound);
    const own = `--bootstrap-server ${bootstrap}`;
    const client = `${CLIENT_FOLDER}/client.properties`;
    const targets = inbound.map(offsetsTopic);
    const starts = inbound.flatMap((flow) =>
        flow.topics.map(({ from: topic }) => `${offsetsTopic(flow)}/${topic}`),
    );
    return `cd "\${TMPDIR:-/tmp}" || exit 1
# A container that restarts in its pod finds its files again.
[ ! -e begun ] || exit 0
fail() { echo "The bridge cannot begin: $1"; grep -v '^[[:space:]]at ' errors; exit 1; }
tool() { java -Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '/opt/kafka/libs/*' "$@" 2> errors; }
# Writes where topics end, TOPIC:PARTITION:OFFSET each, to the file ends. Arguments: a pattern of names, options.
ends() {
  pattern=$1
  shift
  if tool org.apache.kafka.tools.GetOffsetShell "$@" --topic "$pattern" > ends; then
    # A partition without a leader has been left out.
    ! grep -q '^Skip' errors || fail "cannot tell where $pattern end"
  else
    grep -q 'Could not match any topic-partitions' errors || fail "cannot tell where $pattern end"
    : > ends
  fi
}
create() {
  name=$1
  shift
  tool org.apache.kafka.tools.TopicCommand ${own} --command-config ${client} --create --if-not-exists \\
    --topic "$name" --replication-factor ${replicationFactor} "$@" > /dev/null || fail "cannot create topic $name"
}
# Writes records, a line each, to a topic.
send() {
  name=$1
  shift
  tool kafka.tools.ConsoleProducer ${own} --producer.config ${client} --sync --topic "$name" "$@" > /dev/null || fail "cannot write to topic $name"
}

ends '${[STARTS, ...targets].join("|")}' ${own} --command-config ${client}
count= former=no
while IFS=: read -r topic partition end; do
  [ "$topic" != ${STARTS} ] || count=$end
done < ends
[ -n "$count" ] || [ ! -s ends ] || former=yes
[ -n "$count" ] || create ${STARTS} --partitions 1 --config cleanup.policy=delete --config retention.ms=-1
: > starts
if [ "\${count:-0}" -gt 0 ]; then
  tool org.apache.kafka.tools.consumer.ConsoleConsumer ${own} --consumer.config ${client} \\
    --topic ${STARTS} --partition 0 --offset earliest --max-messages "$count" --timeout-ms 60000 > starts &&
    [ "$(grep -c '' starts)" -eq "$count" ] || fail "cannot read topic ${STARTS}"
fi
new= names=
for start in ${starts.join(" ")}; do
  grep -qxF "$start" starts || { new="$new $start"; names="$names|\${start#*/}"; }
done
if [ -n "$new" ]; then
  if [ $former = no ] && [ ${from} = latest ]; then
    ends "\${names#|}" --bootstrap-server "$(cat ${IKP_FOLDER}/bootstrap.servers)" --command-config ${ikpProperties}
    for target in ${targets.join(" ")}; do
      while IFS=: read -r topic partition end; do
        case "$new " in
          *" $target/$topic "*) printf '["MirrorSourceConnector",{"cluster":"ikp","partition":%s,"topic":"%s"}]\\t{"offset":%s}\\n' "$partition" "$topic" $((end - 1)) ;;
        esac
      done < ends > offsets
      [ -s offsets ] || continue
      create "$target" --partitions ${OFFSETS_PARTITIONS} --config cleanup.policy=compact
      send "$target" --property parse.key=true < offsets
    done
  fi
  for start in $new; do echo "$start"; done > new
  send ${STARTS} < new
fi
: > begun
`;
}
