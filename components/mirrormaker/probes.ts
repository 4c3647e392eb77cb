import { BRIDGE } from "../../common/names.ts";
import { BRIDGE_METRICS } from "../monitoring/jmxExporter.ts";
import { metricsScript } from "../monitoring/metricsScript.ts";

/**
 * The probes of a bridge's pod: a shell script that needs nothing but sh, nc and timeout, called with `ready` or `live`.
 *
 * Ready means that each of its workers is a member of its group. Alive means that every task that it was assigned
 * runs: a task that has failed, as for want of a permission, is started again by a new process only. Neither asks
 * IKP: while that is unreachable the tasks run and wait.
 *
 * @param flows how many workers there are
 */
export function probeScript(flows: number): string {
    const { assigned, heartbeat, started } = BRIDGE_METRICS;
    const script = metricsScript({
        port: BRIDGE.ports.metrics,
        metrics: [assigned, heartbeat, started],
        variables: ["workers=0", "members=0", "assigned=0", "running=0"],
        cases: [
            `'${assigned}{'*) workers=$((workers + 1)) assigned=$((assigned + \${value%%.*})) ;;`,
            `'${heartbeat}{'*' -'*) ;;`,
            `'${heartbeat}{'*) members=$((members + 1)) ;;`,
            `'${started}{'*) running=$((running + 1)) ;;`,
        ],
        checks: [
            'if [ "$1" = ready ]; then',
            `  [ $members -ge ${flows} ] || { echo "$members of ${flows} workers are in their groups"; exit 1; }`,
            "else",
            `  [ $workers -ge ${flows} ] || { echo "$workers of ${flows} workers have started"; exit 1; }`,
            '  [ $running -ge $assigned ] || { echo "$running of $assigned tasks run"; exit 1; }',
            "fi",
        ],
    });
    return `${script}\n`;
}
