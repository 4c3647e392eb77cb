import { setTimeout as sleep } from "node:timers/promises";
import { unlessAborted } from "../../../common/abort.ts";
import { ZOOKEEPER } from "../../../common/names.ts";
import { ConnectionError, reasonOf } from "../../../kafka/errors.ts";
import type { KubeCluster } from "../../../kafka/kubernetes/cluster.ts";
import type { CallContext } from "../../callContext.ts";
import { clusterOf } from "../../cluster.ts";
import type { RollingUpdateInputs, RollingUpdateOutputs } from "../../resources/rollingUpdate.ts";
import { endInitialization } from "../initialization.ts";
import { decide, type Step } from "./decide.ts";
import { updatePvcs } from "./disks.ts";
import { type AskMembership, openMembership } from "./membership.ts";
import { Progress } from "./progress.ts";
import { restart } from "./restart.ts";
import { isObserved, readLeaving, readServers, readStatefulSet, type StatefulSetRef } from "./servers.ts";

const INTERVAL = 1_000;

/** A StatefulSet, and the generation that it must not be beyond. */
type Rolled = StatefulSetRef & Pick<RollingUpdateInputs, "generation">;

/**
 * Brings every server of a StatefulSet to its newest revision, and waits until all are Ready.
 *
 * @param before seconds that a server took the last time; null for none
 * @param formerLabels labels that the PVCs had of config
 * @throws Error of one line that ends in the next step, when it does not go on, or was ended
 */
export async function roll(
    inputs: RollingUpdateInputs,
    before: number | null,
    context: CallContext,
    formerLabels: RollingUpdateInputs["labels"] = {},
): Promise<RollingUpdateOutputs> {
    const cluster = clusterOf(inputs.cluster);
    const membership = openMembership(cluster, inputs);
    try {
        const seconds = await unlessAborted(
            rollAll(cluster, inputs, membership.ask, context, formerLabels),
            context.signal,
        );
        return { secondsPerServer: seconds ?? before };
    } catch (error) {
        const { statefulSet, project } = inputs;
        throw stopped(`the rolling update of ${statefulSet} of Project ${project}`, error, context);
    } finally {
        await membership.close();
    }
}

/** The error of one line of what does not go on, or was ended. */
export function stopped(what: string, error: unknown, { signal }: CallContext): Error {
    if (signal.aborted) {
        return new Error(`${what}: ${reasonOf(signal.reason)}`);
    }
    const hint = error instanceof ConnectionError ? `. ${error.hint}` : "";
    return new Error(`${what} does not go on: ${reasonOf(error)}${hint}`);
}

/** @returns seconds that the restart of a server took on average; undefined where none was */
async function rollAll(
    cluster: KubeCluster,
    inputs: RollingUpdateInputs,
    ask: AskMembership,
    context: CallContext,
    formerLabels: RollingUpdateInputs["labels"],
): Promise<number | undefined> {
    const progress = new Progress(inputs, context);
    await updatePvcs(cluster, inputs, context, formerLabels);
    await restartOutdated(cluster, inputs, ask, progress, context.signal);
    // One that was created meanwhile has the size of its template.
    await updatePvcs(cluster, inputs, context);
    if (inputs.statefulSet === ZOOKEEPER.name) {
        await endInitialization(cluster, inputs.namespace);
    }
    return progress.end();
}

/** Restarts the servers of a StatefulSet that are not of its newest revision, and waits until all are Ready. */
export async function restartOutdated(
    cluster: KubeCluster,
    inputs: Rolled,
    ask: AskMembership,
    progress: Progress,
    signal: AbortSignal,
): Promise<void> {
    for (;;) {
        const step = await stepOf(cluster, inputs, ask);
        if (step.kind === "done") {
            return;
        }
        const due = progress.observe(step);
        if (step.kind === "restart" && due) {
            progress.restarting(step);
            await restart(cluster, inputs.namespace, step);
        }
        await sleep(INTERVAL, undefined, { signal });
    }
}

async function stepOf(cluster: KubeCluster, inputs: Rolled, ask: AskMembership): Promise<Step> {
    try {
        const statefulSet = await readStatefulSet(cluster, inputs);
        if ((statefulSet.metadata?.generation ?? 0) > inputs.generation) {
            throw new Error(
                `StatefulSet ${inputs.statefulSet} was changed, but not by this program. Run up with --refresh`,
            );
        }
        if (!isObserved(statefulSet)) {
            return { kind: "wait", reason: "Kubernetes has not seen the change yet" };
        }
        const servers = await readServers(cluster, inputs.namespace, statefulSet);
        const step = await decide(servers, () => ask(servers));
        // Those that leave first: a topic that is created meanwhile would get a replica on one of them.
        const leaving = step.kind === "done" ? await readLeaving(cluster, inputs.namespace, statefulSet) : [];
        return leaving.length > 0
            ? { kind: "wait", reason: `${leaving.join(", ")} ${leaving.length > 1 ? "shut" : "shuts"} down` }
            : step;
    } catch (error) {
        // An API server that is down for a while ends no rolling update.
        if (error instanceof ConnectionError && error.retriable) {
            return { kind: "wait", reason: error.message };
        }
        throw error;
    }
}
