export interface MetricsScript {
    /** Port of the pod's own metrics. */
    readonly port: number;
    /** Names of the metrics that are read. */
    readonly metrics: readonly string[];
    /** Variables with their first values, such as `members=0`. */
    readonly variables: readonly string[];
    /** Clauses of `case` over a line of the answer, in which `$value` is the metric's value. */
    readonly cases: readonly string[];
    /** Lines after all metrics were read; an `exit 1` among them fails the script. */
    readonly checks: readonly string[];
}

/** A shell script that judges a pod by its own Prometheus metrics and needs nothing but sh, nc and timeout. */
export function metricsScript({ port, metrics, variables, cases, checks }: MetricsScript): string {
    const query = metrics.map((name) => `name%5B%5D=${name}`).join("&");
    return [
        `printf '%s\\r\\n\\r\\n' 'GET /metrics?${query} HTTP/1.0' | timeout 5 nc 127.0.0.1 ${port} | {`,
        `  ${variables.join(" ")}`,
        "  while read -r line; do",
        `    value=\${line##* }`,
        "    case $line in",
        ...cases.map((clause) => `      ${clause}`),
        "    esac",
        "  done",
        ...checks.map((line) => `  ${line}`),
        "}",
    ].join("\n");
}
