/** The state of a Project's bridge: its metrics, what its workers say of themselves, and its log. */
import { BRIDGE, COMPONENT_LABEL } from "../../common/names.ts";
import type { KafkaAdmin } from "../admin/admin.ts";
import { reasonOf } from "../errors.ts";
import { type KubeCluster, request } from "../kubernetes/cluster.ts";
import { type FailedTask, readFailedTasks } from "./failedTasks.ts";
import { type SkippedRecords, skippedRecords } from "./log.ts";
import { type BridgeLag, type BridgeMetrics, readBridgeMetrics } from "./metrics.ts";

export interface BridgeState {
    readonly lags: readonly BridgeLag[];
    /** One line each: topics that it does not carry, or not all of. */
    readonly problems: readonly string[];
    /** One line each: what could not be found out, and why. */
    readonly unknown: readonly string[];
}

/** Seconds for which a line of the log counts. */
const LOG_AGE = 24 * 3600;
const LOG_LINES = 20_000;

/**
 * @param admin of the Project's Kafka; undefined where that does not answer
 * @throws Error when its pods cannot be listed
 */
export async function readBridge(
    cluster: KubeCluster,
    namespace: string,
    admin: Pick<KafkaAdmin, "readTopic"> | undefined,
): Promise<BridgeState> {
    const found = await request(cluster, `list the bridge's pods in ${namespace}`, () =>
        cluster.core.listNamespacedPod({ namespace, labelSelector: `${COMPONENT_LABEL}=${BRIDGE.name}` }),
    );
    if (typeof found === "number") {
        throw new Error("you are not allowed to list its pods");
    }
    const pods = found.items.map(({ metadata }) => metadata?.name ?? "");
    const { metrics, unknown } = await readBridgeMetrics(cluster, namespace, pods);
    const [failed, skipped] = await Promise.all([
        linesOf("which tasks have failed", () => failedProblems(admin, metrics)),
        linesOf("which records were skipped", () => skippedProblems(cluster, namespace, pods)),
    ]);
    const waiting = metrics.waiting.map(
        ({ partition, flow }) =>
            `the bridge waits at ${partition} (${flow}): the source does not answer, or the target does not take it`,
    );
    return {
        lags: metrics.lags,
        problems: [...failed.lines, ...waiting, ...skipped.lines],
        unknown: [...unknown, ...failed.unknown, ...skipped.unknown],
    };
}

async function linesOf(
    what: string,
    read: () => Promise<string[]>,
): Promise<{ lines: string[]; unknown: string[] }> {
    try {
        return { lines: await read(), unknown: [] };
    } catch (error) {
        return { lines: [], unknown: [`${what}: ${reasonOf(error)}`] };
    }
}

async function failedProblems(
    admin: Pick<KafkaAdmin, "readTopic"> | undefined,
    { flows }: BridgeMetrics,
): Promise<string[]> {
    if (admin === undefined) {
        throw new Error("Kafka does not answer");
    }
    const failed = await Promise.all(
        flows.map(async (flow) =>
            (await readFailedTasks(admin, nameOf(flow))).map((task) => failedProblem(task, flow)),
        ),
    );
    return failed.flat();
}

function failedProblem({ partitions, reason }: FailedTask, flow: string): string {
    const what = partitions.length > 0 ? partitions.join(", ") : "a task";
    return `the bridge has stopped at ${what} (${flow}): ${reason}`;
}

/** What a flow is called in the names of its topics. */
function nameOf(flow: string): string {
    return `${flow.startsWith("ikp ->") ? "inbound" : "outbound"}${flow.endsWith("-renamed") ? "-renamed" : ""}`;
}

async function skippedProblems(
    cluster: KubeCluster,
    namespace: string,
    pods: readonly string[],
): Promise<string[]> {
    const logs = await Promise.all(
        pods.map(async (name) => {
            const log = await request(cluster, `read the log of ${name} in ${namespace}`, () =>
                cluster.core.readNamespacedPodLog({
                    ...{ name, namespace, sinceSeconds: LOG_AGE, tailLines: LOG_LINES },
                }),
            );
            if (typeof log === "number") {
                throw new Error(`you are not allowed to read the log of ${name}`);
            }
            return log;
        }),
    );
    return logs.flatMap((log) => skippedRecords(log).map(skippedProblem));
}

function skippedProblem({ partition, expected, actual, time }: SkippedRecords): string {
    const minute = time.slice(0, "2026-11-29 09:25".length);
    return actual > expected
        ? `the bridge lost ${actual - expected} records of ${partition} on ${minute}: they were deleted at the source before they crossed (offsets ${expected} to ${actual - 1})`
        : `${partition} was created again at the source before ${minute}: the bridge had read it up to offset ${expected}, and went on at ${actual}`;
}
