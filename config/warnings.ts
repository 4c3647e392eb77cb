import { bytes } from "../common/quantity.ts";
import { replication } from "../common/replication.ts";
import { capacityWarnings } from "../planning/capacity.ts";
import type { Environment } from "./schema/environment.ts";

/** What works and yet deserves a look, in the order of the stack file: `path: message` each. */
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
            "zones: with two of them, the loss of one can take the majority of an ensemble; name three",
        );
    }
    projects.forEach(({ kafka }, i) => {
        const path = `projects[${i}].kafka`;
        const { factor, minInsync } = replication(kafka);
        if (factor < 3) {
            warnings.push(
                `${path}: ${kafka.brokers} brokers, ${factor} copies of each message: ${
                    factor === 1
                        ? "the loss of one disk loses messages"
                        : "writes stop, or rest on one disk, while a broker is away"
                }`,
            );
        } else if (minInsync < 2) {
            warnings.push(
                `${path}.minInsyncReplicas: at ${minInsync} an acknowledged message may rest on one disk`,
            );
        }
        if (bytes(kafka.memory) - bytes(kafka.heap) < bytes(kafka.memory) / 2) {
            warnings.push(
                `${path}.heap: ${kafka.heap} of ${kafka.memory} leaves less than half of memory to the page cache`,
            );
        }
    });
    return [...warnings, ...capacityWarnings(environment)];
}
