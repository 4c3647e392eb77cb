/** How far behind a Project's bridge is, by the metrics of its pods. */
import { withTimeLimit } from "../common/abort.ts";
import { BRIDGE, COMPONENT_LABEL } from "../common/names.ts";
import { type KubeCluster, request } from "./kubernetes/cluster.ts";
import { ForwardedSocket } from "./kubernetes/forwardedSocket.ts";
import { kubernetesDialler } from "./kubernetes/socketFactory.ts";

/** Records of a topic that are not mirrored yet. */
export interface BridgeLag {
    /** The topic by its name at the source; a dot in it reads `_` here. */
    readonly topic: string;
    /** Source and target, by MirrorMaker's names of the clusters. */
    readonly flow: string;
    readonly records: number;
}

const METRIC = "kafka_connect_mirror_records_lag";
const TIME_LIMIT = 8_000;

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
            withTimeLimit(readMetrics(cluster, namespace, metadata?.name ?? ""), TIME_LIMIT),
        ),
    );
    return lagsOf(texts.join("\n"));
}

/** The lags in the text of Prometheus' format, partitions added up. */
export function lagsOf(text: string): BridgeLag[] {
    const lags = new Map<string, BridgeLag>();
    for (const [, labels = "", value] of text.matchAll(new RegExp(`^${METRIC}\\{(.*)\\} (\\S+)$`, "gm"))) {
        const label = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(labels)?.[1] ?? "";
        const flow = `${label("source")} -> ${label("target")}`;
        const key = `${flow} ${label("topic")}`;
        // A partition that has had no record yet has no number.
        const records = (lags.get(key)?.records ?? 0) + (Number(value) || 0);
        lags.set(key, { topic: label("topic"), flow, records });
    }
    return [...lags.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, lag]) => lag);
}

async function readMetrics(cluster: KubeCluster, namespace: string, pod: string): Promise<string> {
    const { metrics } = BRIDGE.ports;
    const dial = kubernetesDialler(cluster.config, () => undefined)(namespace, pod, metrics);
    const socket = new ForwardedSocket(`${namespace}/${pod}:${metrics}`, dial);
    socket.write(`GET /metrics?name%5B%5D=${METRIC} HTTP/1.0\r\n\r\n`);
    let answer = "";
    // The tunnel may stay open after the answer.
    for await (const chunk of socket) {
        answer += String(chunk);
        const length = /^content-length: (\d+)\r$/im.exec(answer)?.[1];
        const body = answer.indexOf("\r\n\r\n") + 4;
        if (length !== undefined && body > 3 && answer.length - body >= Number(length)) {
            break;
        }
    }
    return answer;
}
