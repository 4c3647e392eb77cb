import { relative } from "node:path";
import { CoreV1Api, type V1Pod } from "@kubernetes/client-node";
import { PROJECT_LABEL } from "../../common/names.ts";
import { logDir } from "../../common/paths.ts";
import { tableText } from "../../common/table.ts";
import { PROJECT_NAMESPACES } from "../../kafka/kubernetes/projects.ts";
import { clusterConfig } from "../cluster.ts";
import { coreApi, isReady } from "../platform/client.ts";
import { nodeState } from "../platform/faultInjection.ts";
import { allNodes } from "../platform/layout.ts";
import { platformRunning } from "../platform/platform.ts";
import { ownCluster } from "../target.ts";

/** Prints the nodes, the pods of every Project and where the logs are. Returns false if nothing runs. */
export async function status(): Promise<boolean> {
    const own = ownCluster();
    if (own === undefined) {
        if (!(await platformRunning())) {
            console.log("The embedded Kubernetes does not run: start it with npm start");
            return false;
        }
        await printNodes();
    } else {
        console.log(`Cluster of the context ${own.context}\n`);
    }
    await printProjects();
    if (own === undefined) {
        console.log(`Logs: ${relative(process.cwd(), logDir)}`);
    }
    return true;
}

async function printNodes(): Promise<void> {
    const { items } = await coreApi().listNode();
    const rows = allNodes.flatMap((node) => {
        const found = items.find(({ metadata }) => metadata?.name === node.name);
        return found === undefined ? [] : [{ node, found }];
    });
    const table = rows.map(async ({ node, found }) => [
        node.name,
        node.zone,
        node.address,
        await nodeState(node),
        [isReady(found) ? "ready" : "not ready", found.spec?.unschedulable ? "cordoned" : ""]
            .filter(Boolean)
            .join(", "),
    ]);
    printTable(["NODE", "ZONE", "ADDRESS", "STATE", "CONDITION"], await Promise.all(table));
}

async function printProjects(): Promise<void> {
    const api = clusterConfig().makeApiClient(CoreV1Api);
    const { items } = await api.listNamespace({ labelSelector: PROJECT_NAMESPACES });
    if (items.length === 0) {
        console.log("No Project is deployed.\n");
    }
    for (const { metadata } of items) {
        const namespace = metadata?.name ?? "";
        console.log(`Project ${metadata?.labels?.[PROJECT_LABEL]} (namespace ${namespace})`);
        const pods = await api.listNamespacedPod({ namespace });
        printTable(["POD", "STATE", "RESTARTS", "NODE"], pods.items.map(podRow));
    }
}

function podRow(pod: V1Pod): string[] {
    const ready = pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
    const restarts =
        pod.status?.containerStatuses?.reduce((sum, { restartCount }) => sum + restartCount, 0) ?? 0;
    const state = ready ? "ready" : (pod.status?.phase ?? "unknown").toLowerCase();
    return [pod.metadata?.name ?? "", state, String(restarts), pod.spec?.nodeName ?? "-"];
}

function printTable(titles: readonly string[], rows: readonly (readonly string[])[]): void {
    console.log(
        `${tableText(
            titles.map((title) => ({ title })),
            rows,
        )}\n`,
    );
}
