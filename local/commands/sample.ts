import { readdirSync } from "node:fs";
import { join } from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
import { PROJECT_LABEL } from "../../config/names.ts";
import { passThrough } from "../exec.ts";
import { root } from "../paths.ts";
import { clusterConfig, ownCluster } from "../target.ts";

/**
 * Sends the sample file through the Kafka of the first Project, as a user would, and returns the exit code of
 * `unity`, which has said by then what it has verified.
 */
export async function sendSample(): Promise<number> {
    const folder = join(root, "samples");
    const [file] = readdirSync(folder).filter((name) => !name.startsWith("."));
    if (file === undefined) throw new Error(`there is no sample file in ${folder}`);
    const own = ownCluster();
    const cluster = own === undefined ? ["--local"] : ["--context", own.context];
    const namespace = await firstProject();
    return passThrough(
        [join(root, "cli", "unity"), ...cluster, "--namespace", namespace, join(folder, file)],
        {
            ...process.env,
            ...(own?.kubeconfig === undefined ? {} : { KUBECONFIG: own.kubeconfig }),
        },
    );
}

async function firstProject(): Promise<string> {
    const api = clusterConfig().makeApiClient(CoreV1Api);
    const { items } = await api.listNamespace({ labelSelector: PROJECT_LABEL });
    const [first] = items.map(({ metadata }) => metadata?.name ?? "").sort();
    if (first === undefined) throw new Error("no Project is deployed: add one to Pulumi.local.yaml");
    return first;
}
