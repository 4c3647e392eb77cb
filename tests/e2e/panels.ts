/** Whether the panels of the dashboards find anything in what a Project's pods export. */
import assert from "node:assert/strict";
import { kubeconfigPath } from "../../common/paths.ts";
import { openCluster } from "../../kafka/kubernetes/cluster.ts";
import { readPodMetrics } from "../../kafka/podMetrics.ts";
import { METRIC } from "../../monitoring/metrics.ts";
import { DASHBOARDS } from "../../monitoring/write.ts";
import { type Kubernetes, pods } from "./cluster.ts";

interface Series {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
}

/** Port of the metrics of all pods. */
const PORT = 9404;

const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** What all pods of a StatefulSet or Deployment export, with the labels that a collector gives it. */
async function seriesOf(k: Kubernetes, namespace: string, set: string): Promise<Series[]> {
    const cluster = openCluster({ kubeconfig: kubeconfigPath });
    const all = await Promise.all(
        (await pods(k, namespace, set)).map(async ({ metadata }): Promise<Series[]> => {
            const pod = metadata!.name!;
            const text = await readPodMetrics(cluster, namespace, pod, PORT, []);
            return [...text.matchAll(/^([a-z_]\w*)(?:\{(.*)\})? \S+$/gm)].map(([, name = "", own = ""]) => ({
                name,
                labels: {
                    ...Object.fromEntries([...own.matchAll(LABEL)].map(([, label, value]) => [label, value])),
                    ...{ namespace, pod },
                },
            }));
        }),
    );
    return all.flat();
}

/** Metrics in a query, with their matchers. */
const SELECTOR = new RegExp(`(${METRIC.source})(?:\\{([^}]*)\\})?`, "g");
const MATCHER = /(\w+)(=~|!~|!=|=)"([^"]*)"/g;

function matches({ labels }: Series, matchers: string): boolean {
    return [...matchers.matchAll(MATCHER)].every(([, label = "", operator = "", value = ""]) => {
        const found = labels[label] ?? "";
        const isMatch = operator.endsWith("~") ? new RegExp(`^(?:${value})$`).test(found) : found === value;
        return operator.startsWith("!") ? !isMatch : isMatch;
    });
}

/** What a query asks for that none of the series has: a metric with its matchers, or a label to sum by. */
function missing(expr: string, series: readonly Series[], names: RegExp): string[] {
    const selectors = [...expr.matchAll(SELECTOR)].filter(([, name = ""]) => names.test(name));
    const found = selectors.map(([text, name, matchers = ""]) => ({
        text,
        series: series.filter((one) => one.name === name && matches(one, matchers)),
    }));
    const labels = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = ""]) => list.split(/,\s*/));
    return [
        ...found.filter(({ series: all }) => all.length === 0).map(({ text }) => text),
        ...found.flatMap(({ text, series: all }) =>
            labels
                .filter((label) => all.length > 0 && !all.some((one) => label in one.labels))
                .map((label) => `${label} of ${text}`),
        ),
    ];
}

/**
 * Asserts that each panel finds the metrics that it shows.
 *
 * @param sets StatefulSets and Deployments of the namespace that export them
 * @param names metrics of these; panels of others are left out
 */
export async function assertPanelsHaveData(
    k: Kubernetes,
    namespace: string,
    sets: readonly string[],
    names: RegExp,
): Promise<void> {
    const series = (await Promise.all(sets.map((set) => seriesOf(k, namespace, set)))).flat();
    const empty = DASHBOARDS.flatMap(({ title: board, rows }) =>
        rows.flatMap(({ title: row, panels }) =>
            panels.flatMap(({ title, queries }) =>
                queries
                    .flatMap(({ expr }) => missing(expr, series, names))
                    .map((what) => `${board}, ${row}, ${title}: ${what}`),
            ),
        ),
    );
    assert.deepEqual(empty, []);
}
