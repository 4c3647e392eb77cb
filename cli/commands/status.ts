/** `unity status`: how the Projects are. */
import { setTimeout as sleep } from "node:timers/promises";
import { Command, Option } from "commander";
import type { Health } from "../../kafka/health.ts";
import type { KubeCluster } from "../../kafka/kubernetes/cluster.ts";
import { exitCode, UnityError } from "../errors.ts";

interface StatusOptions {
    readonly local?: boolean;
    readonly namespace?: string;
    readonly context?: string;
    readonly output: "text" | "json";
    readonly watch?: boolean;
}

/** How long a look lasts with --watch, in milliseconds. */
const PAUSE = 5_000;
const CLEAR = "\x1b[H\x1b[2J";

/**
 * The command, to be added to the program.
 * @param interrupted aborts when the user wants to stop
 */
export function statusCommand(interrupted: AbortSignal): Command {
    return new Command("status")
        .description("Shows how Projects are: brokers, partitions, ZooKeeper, certificates, consumer groups.")
        .option("--local", "use the embedded platform instead of the current kube context")
        .option("--namespace <NAME>", "namespace of the only Project that matters (default: all)")
        .option("--context <NAME>", "kube context to use (default: the current one)")
        .addOption(
            new Option("-o, --output <FORMAT>", "json: one JSON document on stdout")
                .choices(["text", "json"])
                .default("text"),
        )
        .option("--watch", "look again every 5 seconds, until Ctrl-C")
        .addHelpText(
            "after",
            `\nExit codes: ${exitCode.ok} all are well, ${exitCode.failed} the cluster does not answer, ${exitCode.usage} no such Project, ${exitCode.unhealthy} one is not well.`,
        )
        .action((options: StatusOptions) => status(options, interrupted));
}

async function status(options: StatusOptions, interrupted: AbortSignal): Promise<void> {
    // The Kubernetes client takes half a second to load, which help and usage errors need not wait for.
    const { openCluster } = await import("../../kafka/kubernetes/cluster.ts");
    const { clusterChoice } = await import("../clusterChoice.ts");
    const { unlessAborted } = await import("../../common/abort.ts");
    const cluster = openCluster(clusterChoice(options));
    do {
        const found = await unlessAborted(look(cluster, options.namespace), interrupted);
        await show(found, options);
        if (options.watch) {
            await sleep(PAUSE, undefined, { signal: interrupted }).catch(() => undefined);
        }
        interrupted.throwIfAborted();
    } while (options.watch);
}

async function look(cluster: KubeCluster, namespace: string | undefined): Promise<Health[]> {
    const { listProjects, findProject } = await import("../../kafka/kubernetes/projects.ts");
    const { readHealth } = await import("../../kafka/health.ts");
    const { ConnectionError } = await import("../../kafka/errors.ts");
    const { openView } = await import("../../kafka/view.ts");
    const namespaces = namespace === undefined ? await listProjects(cluster) : [namespace];
    if (namespaces === undefined || namespaces.length === 0) {
        throw new UnityError(
            `There is no Project in the cluster ${cluster.title} that you may see`,
            "Name one with --namespace NAME, or create one with pulumi up",
            exitCode.usage,
        );
    }
    return Promise.all(
        namespaces.map(async (each) => {
            try {
                const place = await findProject(cluster, each);
                return await readHealth(cluster, place, () => openView(cluster, place));
            } catch (error) {
                // One Project that is broken must not hide the others.
                if (namespace !== undefined || !(error instanceof ConnectionError)) {
                    throw error;
                }
                const place = { namespace: each, project: each, brokers: 0 };
                return readHealth(cluster, place, () => Promise.reject(error));
            }
        }),
    );
}

async function show(found: readonly Health[], { output, watch }: StatusOptions): Promise<void> {
    const { problemsOf, healthText } = await import("../healthText.ts");
    const now = new Date();
    const projects = found.map((health) => ({ ...health, faults: problemsOf(health, now) }));
    if (output === "json") {
        process.stdout.write(`${JSON.stringify({ projects }, undefined, 2)}\n`);
    } else {
        if (watch && process.stdout.isTTY) {
            process.stdout.write(CLEAR);
        }
        process.stdout.write(found.map((health) => healthText(health, now)).join("\n"));
    }
    // What is wrong has been said in full; this only ends the program with its code.
    process.exitCode = projects.some(({ faults }) => faults.length > 0) ? exitCode.unhealthy : exitCode.ok;
}
