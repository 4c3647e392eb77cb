/** How far behind a Project's bridge is, by the metrics of its pods. */
import { BRIDGE, COMPONENT_LABEL } from "../common/names.ts";
import { type KubeCluster, request } from "./kubernetes/cluster.ts";
import { readPodMetric } from "./podMetrics.ts";

/** Records of a topic that are not mirrored yet. */
export interface BridgeLag {
    /** The topic by its name at the source; a dot in it reads `_` here. */
    readonly topic: string;
    /** Source and target, by MirrorMaker's names of the clusters. */
    readonly flow: string;
    readonly records: number;
}

const METRIC = "kafka_connect_mirror_records_lag";

/**
 * Reads the metrics of every pod of the bridge, each of which has its own share.
 * @throws Error when one does not answer
 */
export async function readBridgeLag(cluster: KubeCluster, namespace: string): Promise<BridgeLag[]> {
    const found = await request(cluster, `list the bridge's pods in ${namespace}`, () =>
        cluster.core.listNamespacedPod({ namespace, labelSelector: `${COMPONENT_LABEL}=${BRIDGE.name}` }),
    );
    if (typeof found === "number") {
        throw new Error("you are not allowed to list its pods");
    }
    const texts = await Promise.all(
        found.items.map(({ metadata }) =>
            readPodMetric(cluster, namespace, metadata?.name ?? "", BRIDGE.ports.metrics, METRIC),
        ),
    );
    return lagsOf(texts.join("\n"));
}

/** The lags in the text of Prometheus' format, partitions added up. */
export function lagsOf(exposition: string): BridgeLag[] {
    const lags = new Map<string, BridgeLag>();
    for (const [, labels = "", value] of exposition.matchAll(
        new RegExp(`^${METRIC}\\{(.*)\\} (\\S+)$`, "gm"),
    )) {
        const label = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(labels)?.[1] ?? "";
        const flow = `${label("source")} -> ${label("target")}`;
        const key = `${flow} ${label("topic")}`;
        // A partition that has had no record yet has no number.
        const records = (lags.get(key)?.records ?? 0) + (Number(value) || 0);
        lags.set(key, { topic: label("topic"), flow, records });
    }
    return [...lags.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, lag]) => lag);
}
