import { BRIDGE } from "../../common/names.ts";
import { BRIDGE_METRICS } from "../monitoring/jmxExporter.ts";
import { metricsScript } from "../monitoring/metricsScript.ts";

/** Seconds between two questions whether a pod is alive. */
export const LIVENESS_PERIOD = 30;
/** Minutes for which failed tasks wait while others run. */
const RETRY_AFTER = 30;

/** File with the number of questions since tasks have failed; a container begins without it. */
export const FAILED_FILE = "/tmp/failed";

/**
 * The probes of a bridge's pod: a shell script that needs nothing but sh, cat, nc, rm and timeout, called with `ready` or
 * `live`.
 *
 * Ready means that each of its workers is a member of its group. Alive means that every task that it was assigned
 * runs: a task that has failed, as for want of a permission, is started again by a new process only. That stops the tasks
 * that carry other topics for a while, so while there are any it happens twice an hour. Neither asks IKP: while that is
 * unreachable the tasks run and wait.
 *
 * @param flows how many workers there are
 */
export function probeScript(flows: number): string {
    const { assigned, heartbeat, started } = BRIDGE_METRICS;
    const patience = (RETRY_AFTER * 60) / LIVENESS_PERIOD;
    const script = metricsScript({
        port: BRIDGE.ports.metrics,
        metrics: [assigned, heartbeat, started],
        variables: ["workers=0", "members=0", "assigned=0", "running=0", "carrying=0"],
        cases: [
            `'${assigned}{'*) workers=$((workers + 1)) assigned=$((assigned + \${value%%.*})) ;;`,
            `'${heartbeat}{'*' -'*) ;;`,
            `'${heartbeat}{'*) members=$((members + 1)) ;;`,
            `'${started}{'*'connector="Source"'*) running=$((running + 1)) carrying=$((carrying + 1)) ;;`,
            `'${started}{'*) running=$((running + 1)) ;;`,
        ],
        checks: [
            'if [ "$1" = ready ]; then',
            `  [ $members -ge ${flows} ] || { echo "$members of ${flows} workers are in their groups"; exit 1; }`,
            "else",
            `  [ $workers -ge ${flows} ] || { echo "$workers of ${flows} workers have started"; exit 1; }`,
            `  if [ $running -ge $assigned ]; then rm -f ${FAILED_FILE}; exit 0; fi`,
            "  count=0",
            `  [ ! -e ${FAILED_FILE} ] || count=$(cat ${FAILED_FILE})`,
            `  echo $((count + 1)) > ${FAILED_FILE}`,
            `  [ $carrying -gt 0 ] && [ $count -lt ${patience} ] || { echo "$running of $assigned tasks run"; exit 1; }`,
            "fi",
        ],
    });
    return `${script}\n`;
}
