/** The metrics in expressions of PromQL: those of servers and bridges, of the exporter of lags, and of the kubelet. */

/** One of them; after it may come the brace of its matchers. */
export const METRIC = /\b(?:jvm|kafka|kubelet|process|unity_kafka|zookeeper)_\w+/;

const WITH_BRACE = new RegExp(`${METRIC.source}\\{?`, "g");

/** An expression over the metrics of one namespace alone. */
export function inNamespace(expr: string, namespace: string): string {
    const matcher = `namespace="${namespace}"`;
    return expr.replace(WITH_BRACE, (metric) =>
        metric.endsWith("{") ? `${metric}${matcher},` : `${metric}{${matcher}}`,
    );
}
