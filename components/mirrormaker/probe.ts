import { BRIDGE } from "../../common/names.ts";
import { BRIDGE_METRICS } from "../monitoring/jmxExporter.ts";

/**
 * The probes of a bridge's pod: a shell script that needs nothing but sh and nc, called with `ready` or `live`.
 *
 * Ready means that each of its workers is a member of its group. Alive means that every task that it has been given
 * runs: a task that has failed, as by a right that was missing, is started again by a new process only. Neither asks
 * IKP: while that is away the tasks run and wait.
 *
 * @param flows how many workers there are
 */
export function bridgeProbe(flows: number): string {
    const { assigned, heartbeat, started } = BRIDGE_METRICS;
    const query = [assigned, heartbeat, started].map((name) => `name%5B%5D=${name}`).join("&");
    return `printf '%s\\r\\n\\r\\n' 'GET /metrics?${query} HTTP/1.0' | nc -w 5 127.0.0.1 ${BRIDGE.ports.metrics} | {
  workers=0 members=0 assigned=0 running=0
  while read -r line; do
    value=\${line##* }
    case $line in
      '${assigned}{'*) workers=$((workers + 1)) assigned=$((assigned + \${value%%.*})) ;;
      '${heartbeat}{'*' -'*) ;;
      '${heartbeat}{'*) members=$((members + 1)) ;;
      '${started}{'*) running=$((running + 1)) ;;
    esac
  done
  if [ "$1" = ready ]; then
    [ $members -ge ${flows} ] || { echo "$members of ${flows} workers are in their groups"; exit 1; }
  else
    [ $workers -ge ${flows} ] || { echo "$workers of ${flows} workers are there"; exit 1; }
    [ $running -ge $assigned ] || { echo "$running of $assigned tasks run"; exit 1; }
  fi
}
`;
}
