import { ZOOKEEPER } from "../../../common/names.ts";
import { clusterOf } from "../../cluster.ts";
import type { RollingUpdateInputs } from "../../resources/rollingUpdate.ts";
import { isInitializing } from "../initialization.ts";
import { needsChange, readPvcs } from "./disks.ts";
import { isObserved, readServers, readStatefulSet } from "./servers.ts";

/**
 * Looks at servers of which nothing has changed, by what Pulumi knows: an `up` may have been ended, or something was
 * changed by hand.
 *
 * @returns what an `up` has to fix; undefined where all is well
 */
export async function findFailure(inputs: RollingUpdateInputs): Promise<string | undefined> {
    const { namespace, project, statefulSet: name } = inputs;
    const cluster = clusterOf(inputs.cluster);
    const at = `${name} of Project ${project}`;
    try {
        const statefulSet = await readStatefulSet(cluster, inputs);
        if (!isObserved(statefulSet) || statefulSet.metadata?.generation !== inputs.generation) {
            return `StatefulSet ${at} is not as Pulumi has left it`;
        }
        const servers = await readServers(cluster, namespace, statefulSet);
        const unwell = servers.filter(({ outdated, ready }) => outdated || !ready);
        if (unwell.length > 0) {
            const which = unwell.map(
                ({ name: server, outdated }) => `${server} ${outdated ? "outdated" : "not Ready"}`,
            );
            return `servers of ${at} are not as they should be: ${which.join(", ")}`;
        }
        if (name === ZOOKEEPER.name && (await isInitializing(cluster, namespace))) {
            return `servers of ${at} may still begin with empty disks`;
        }
        const pvcs = await readPvcs(cluster, inputs);
        return pvcs.some((pvc) => needsChange(pvc, inputs))
            ? `PVCs of ${at} are too small, or lack labels`
            : undefined;
    } catch (error) {
        // The `up` itself says it, with the next step.
        return `${at} cannot be verified: ${(error as Error).message}`;
    }
}
