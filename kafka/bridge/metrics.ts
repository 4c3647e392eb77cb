/** What the metrics of a bridge's pods tell: how far behind it is, and what it waits for. */
import { BRIDGE } from "../../common/names.ts";
import { reasonOf } from "../errors.ts";
import type { KubeCluster } from "../kubernetes/cluster.ts";
import { readPodMetrics } from "../podMetrics.ts";

/** Records of a topic that are not mirrored yet. */
export interface BridgeLag {
    /** The topic by its name at the source; a dot in it reads `_` here. */
    readonly topic: string;
    /** Source and target, by MirrorMaker's names of the clusters. */
    readonly flow: string;
    readonly records: number;
}

export interface BridgeMetrics {
    readonly lags: readonly BridgeLag[];
    /** Partitions, such as `rates-6`, of tasks that have fetched nothing for a minute, not even that there is nothing new. */
    readonly waiting: readonly { readonly partition: string; readonly flow: string }[];
    /** The flows that there are, such as `ikp -> unity-demo`. */
    readonly flows: readonly string[];
}

const LAG = "kafka_connect_mirror_records_lag";
const FETCHES = "kafka_connect_mirror_fetch_rate";
const TASKS = "kafka_connect_assigned_tasks";

/**
 * Reads the metrics of every pod of the bridge, each of which has its own share.
 * @param pods their names
 * @returns what those tell that answer, and a line for each of the others
 */
export async function readBridgeMetrics(
    cluster: KubeCluster,
    namespace: string,
    pods: readonly string[],
): Promise<{ readonly metrics: BridgeMetrics; readonly unknown: readonly string[] }> {
    const { metrics } = BRIDGE.ports;
    const unknown: string[] = [];
    const texts = await Promise.all(
        pods.map(async (pod) => {
            try {
                return await readPodMetrics(cluster, namespace, pod, metrics, [LAG, FETCHES, TASKS]);
            } catch (error) {
                unknown.push(`lag: ${reasonOf(error)}`);
                return "";
            }
        }),
    );
    return { metrics: metricsOf(texts.join("\n")), unknown: unknown.sort() };
}

interface Sample {
    readonly value: number;
    label(name: string): string;
}

/** The same from the text of Prometheus' format. */
export function metricsOf(exposition: string): BridgeMetrics {
    const samples = (metric: string): Sample[] =>
        [...exposition.matchAll(new RegExp(`^${metric}\\{(.*)\\} (\\S+)$`, "gm"))].map(
            ([, labels = "", value]) => ({
                value: Number(value),
                label: (name) => new RegExp(`\\b${name}="([^"]*)"`).exec(labels)?.[1] ?? "",
            }),
        );
    const flowOf = ({ label }: Sample) => `${label("source")} -> ${label("target")}`;
    const taskOf = (sample: Sample) => `${flowOf(sample)} ${sample.label("task")}`;

    const lags = new Map<string, BridgeLag>();
    for (const sample of samples(LAG)) {
        const [topic, flow] = [sample.label("topic"), flowOf(sample)];
        // A partition that has had no record yet has no number.
        const records = (lags.get(`${flow} ${topic}`)?.records ?? 0) + (sample.value || 0);
        lags.set(`${flow} ${topic}`, { topic, flow, records });
    }
    const idle = new Set(samples(FETCHES).flatMap((sample) => (sample.value === 0 ? [taskOf(sample)] : [])));
    return {
        lags: [...lags.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, lag]) => lag),
        waiting: samples(LAG)
            .filter((sample) => idle.has(taskOf(sample)))
            .map((sample) => ({
                partition: `${sample.label("topic")}-${sample.label("partition")}`,
                flow: flowOf(sample),
            })),
        flows: [...new Set(samples(TASKS).map(({ label }) => label("flow").replace("->", " -> ")))].sort(),
    };
}
