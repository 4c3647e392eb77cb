import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "../../common/paths.ts";
import { passThrough } from "../exec.ts";
import { localEnvironment, ownCluster } from "../target.ts";

/**
 * Sends the sample file through the Kafka of the first Project, as a user would. Prints what was verified, and returns
 * the exit code of `unity`.
 */
export async function sendSample(): Promise<number> {
    const folder = join(root, "samples");
    const [file] = readdirSync(folder).filter((name) => !name.startsWith("."));
    if (file === undefined) {
        throw new Error(`there is no sample file in ${folder}`);
    }
    const own = ownCluster();
    const cluster = own === undefined ? ["--local"] : ["--context", own.context];
    const namespace = firstProject();
    return passThrough(
        [
            join(root, "cli", "unity"),
            ...cluster,
            "--namespace",
            namespace,
            relative(process.cwd(), join(folder, file)),
        ],
        {
            ...process.env,
            ...(own?.kubeconfig === undefined ? {} : { KUBECONFIG: own.kubeconfig }),
        },
    );
}

/** Namespace of the stack's first Project. */
function firstProject(): string {
    const [first] = localEnvironment().projects;
    if (first === undefined) {
        throw new Error(
            "the stack local has no Project to send the sample file to: add one to Pulumi.local.yaml",
        );
    }
    return first.namespace;
}
