/** Which brokers of a Project act as the controller, by what each says of itself. */
import { KAFKA } from "../common/names.ts";
import type { KubeCluster } from "./kubernetes/cluster.ts";
import type { Dialler } from "./kubernetes/socketFactory.ts";
import { readPodMetrics } from "./podMetrics.ts";

const METRIC = "kafka_controller_kafkacontroller_activecontrollercount";

export interface Controllers {
    /** Ids of the brokers that act as the controller. One that lost its session may do so beside its successor. */
    readonly active: readonly number[];
    /** Ids of the brokers that do not answer. */
    readonly silent: readonly number[];
}

/**
 * Asks every broker, also those that the others do not know.
 * @param brokers how many there should be
 */
export async function findControllers(
    cluster: KubeCluster,
    namespace: string,
    brokers: number,
    dialler?: Dialler,
): Promise<Controllers> {
    const active: number[] = [];
    const silent: number[] = [];
    await Promise.all(
        Array.from({ length: brokers }, async (_, id) => {
            const pod = `${KAFKA.name}-${id}`;
            try {
                const text = await readPodMetrics(
                    cluster,
                    namespace,
                    pod,
                    KAFKA.ports.metrics,
                    [METRIC],
                    dialler,
                );
                if (isActive(text)) {
                    active.push(id);
                }
            } catch {
                // What that means depends on the others.
                silent.push(id);
            }
        }),
    );
    const byId = (one: number, other: number) => one - other;
    return { active: active.sort(byId), silent: silent.sort(byId) };
}

/** @throws Error where the metric is not among the text, as while the broker starts */
function isActive(text: string): boolean {
    const value = new RegExp(`^${METRIC} (\\S+)$`, "m").exec(text)?.[1];
    if (value === undefined) {
        throw new Error("the broker has no such metric yet");
    }
    return Number(value) > 0;
}
