import { bytes } from "../common/quantity.ts";
import { replication } from "../common/replication.ts";
import { capacityWarnings } from "../planning/capacity.ts";
import type { Environment } from "./schema/environment.ts";

const MI = 2 ** 20;

/** Memory that the ZooKeeper guide asks for in production, bytes. */
function zookeeperMemory(heap: string): number {
    return Math.ceil(Math.max(bytes("2Gi"), 1.5 * bytes(heap)) / MI) * MI;
}

/** Settings that work but are not recommended, in the order of the stack file: `path: message` each. */
export function warningsOf(environment: Environment): string[] {
    const { allowDestroy, projects, zones } = environment;
    const warnings: string[] = [];
    for (const name of allowDestroy) {
        if (projects.some((project) => project.name === name)) {
            warnings.push(
                `allowDestroy: ${name} is still among projects, and a change may delete its data now`,
            );
        }
    }
    if (zones.length === 2) {
        warnings.push(
            "zones: with two zones, the loss of one can lose the majority of an ensemble; add a third",
        );
    }
    projects.forEach(({ kafka, zookeeper }, i) => {
        // An environment that asks for several zones is meant for production.
        const wanted = zookeeperMemory(zookeeper.heap);
        if (environment.minimumZones > 1 && bytes(zookeeper.memory) < wanted) {
            warnings.push(
                `projects[${i}].zookeeper.memory: ${zookeeper.memory} is less than the ${wanted / MI}Mi that ZooKeeper should have in production (2Gi, or 1.5 x heap if that is more)`,
            );
        }
        const path = `projects[${i}].kafka`;
        const { factor, minInsync } = replication(kafka);
        if (factor < 3) {
            warnings.push(
                `${path}: ${kafka.brokers} brokers, replication factor ${factor}: ${
                    factor === 1
                        ? "the loss of one disk loses messages"
                        : "writes stop, or are on one disk only, while a broker is down"
                }`,
            );
        } else if (minInsync < 2) {
            warnings.push(
                `${path}.minInsyncReplicas: at ${minInsync} an acknowledged message may be on one disk only`,
            );
        }
        if (bytes(kafka.memory) - bytes(kafka.heap) < bytes(kafka.memory) / 2) {
            warnings.push(
                `${path}.heap: ${kafka.heap} of ${kafka.memory} leaves less than half of the memory to the page cache`,
            );
        }
    });
    return [...warnings, ...capacityWarnings(environment)];
}
