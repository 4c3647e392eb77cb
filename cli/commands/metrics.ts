/** `unity metrics`: what ZooKeeper's `mntr` says of each server of a Project. */
import { Command } from "commander";
import { unlessAborted } from "../../common/abort.ts";
import { rowsText } from "../../common/table.ts";
import { exitCode, UnityError } from "../errors.ts";
import { addProjectOptions, type OutputOptions, outputOption, type ProjectOptions } from "../options.ts";

interface MetricsOptions extends ProjectOptions, OutputOptions {}

/**
 * The command, to be added to the program.
 * @param interrupted aborts when the user wants to stop
 */
export function metricsCommand(interrupted: AbortSignal): Command {
    return addProjectOptions(
        new Command("metrics"),
        "namespace of the Project (default: the only one there is)",
    )
        .description(
            "Prints the metrics of each ZooKeeper server of a Project, as its command mntr gives them.",
        )
        .addOption(outputOption())
        .addHelpText(
            "after",
            `\nA line is a server, a metric and its value, as in: unity metrics | grep zk_server_state\n\nExit codes: ${exitCode.ok} all servers answered, ${exitCode.failed} the cluster does not answer, ${exitCode.usage} no such Project, ${exitCode.unhealthy} a server did not answer.`,
        )
        .action((options: MetricsOptions) => unlessAborted(metrics(options), interrupted));
}

async function metrics(options: MetricsOptions): Promise<void> {
    // The Kubernetes client takes half a second to load, which help and usage errors need not wait for.
    const { openCluster } = await import("../../kafka/kubernetes/cluster.ts");
    const { clusterChoice } = await import("../clusterChoice.ts");
    const { findProject } = await import("../../kafka/kubernetes/projects.ts");
    const { readZookeeperMetrics } = await import("../../kafka/zookeeperMetrics.ts");
    const cluster = openCluster(clusterChoice(options));
    const { namespace, project } = await findProject(cluster, options.namespace);
    const servers = await readZookeeperMetrics(cluster, namespace);
    if (options.output === "json") {
        process.stdout.write(`${JSON.stringify({ namespace, project, servers }, undefined, 2)}\n`);
    } else {
        const rows = servers.flatMap(({ server, metrics: found = {} }) =>
            Object.entries(found).map(([name, value]) => [server, name, value]),
        );
        process.stdout.write(rows.length > 0 ? `${rowsText(rows)}\n` : "");
    }
    const failed = servers.filter(({ error }) => error !== undefined);
    if (failed.length > 0) {
        throw new UnityError(
            `${failed.length} of ${servers.length} ZooKeeper servers did not answer: ${failed.map(({ server, error }) => `${server} (${error})`).join(", ")}`,
            `Check the pods in namespace ${namespace}`,
            exitCode.unhealthy,
        );
    }
}
