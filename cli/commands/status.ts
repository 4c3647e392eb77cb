/** `unity status`: the health of the Projects. */
import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import type { Health, HealthChecks } from "../../kafka/health.ts";
import type { KubeCluster } from "../../kafka/kubernetes/cluster.ts";
import { exitCode, UnityError } from "../errors.ts";
import { addProjectOptions, type OutputOptions, outputOption, type ProjectOptions } from "../options.ts";

interface StatusOptions extends ProjectOptions, OutputOptions {
    readonly watch?: boolean;
}

/** Between two checks with --watch, in milliseconds. */
const PAUSE = 5_000;
/** How often --watch has a topic created, in milliseconds: a check takes part in the cluster's work. */
const TOPIC_PERIOD = 60_000;
const CLEAR = "\x1b[H\x1b[2J";

/**
 * The command, to be added to the program.
 * @param interrupted aborts when the user wants to stop
 */
export function statusCommand(interrupted: AbortSignal): Command {
    return addProjectOptions(new Command("status"), "namespace of the Project (default: all Projects)")
        .description(
            "Shows the health of Projects: brokers, controller, partitions, ZooKeeper, certificates, consumer groups. Creates a topic and deletes it.",
        )
        .addOption(outputOption())
        .option("--watch", "repeat every 5 seconds, until Ctrl-C")
        .addHelpText(
            "after",
            `\nExit codes: ${exitCode.ok} all are healthy, ${exitCode.failed} the cluster does not answer, ${exitCode.usage} no such Project, ${exitCode.unhealthy} one is unhealthy.`,
        )
        .action((options: StatusOptions) => status(options, interrupted));
}

async function status(options: StatusOptions, interrupted: AbortSignal): Promise<void> {
    // The Kubernetes client takes half a second to load, which help and usage errors need not wait for.
    const { openCluster } = await import("../../kafka/kubernetes/cluster.ts");
    const { clusterChoice } = await import("../clusterChoice.ts");
    const { unlessAborted } = await import("../../common/abort.ts");
    const { checkTopicCreation } = await import("../../kafka/topicCheck.ts");
    const cluster = openCluster(clusterChoice(options));
    const checkTopics = new Map<string, HealthChecks["topicCreation"]>();
    const topicCreation = (namespace: string) => {
        const check = checkTopics.get(namespace) ?? onceIn(TOPIC_PERIOD, checkTopicCreation);
        checkTopics.set(namespace, check);
        return check;
    };
    do {
        const found = await unlessAborted(readAll(cluster, options.namespace, topicCreation), interrupted);
        await show(found, options);
        if (options.watch) {
            await sleep(PAUSE, undefined, { signal: interrupted }).catch(() => undefined);
        }
        interrupted.throwIfAborted();
    } while (options.watch);
}

/** A function that gives its last result again until so many milliseconds have passed. */
export function onceIn<Args extends unknown[], Result>(
    milliseconds: number,
    call: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
    let last: { readonly at: number; readonly result: Promise<Result> } | undefined;
    return (...args) => {
        if (last === undefined || performance.now() - last.at >= milliseconds) {
            last = { at: performance.now(), result: call(...args) };
        }
        return last.result;
    };
}

async function readAll(
    cluster: KubeCluster,
    namespace: string | undefined,
    topicCreation: (namespace: string) => HealthChecks["topicCreation"],
): Promise<Health[]> {
    const { listProjects, findProject } = await import("../../kafka/kubernetes/projects.ts");
    const { readHealth } = await import("../../kafka/health.ts");
    const { ConnectionError } = await import("../../kafka/errors.ts");
    const { openProjectKafka } = await import("../../kafka/open.ts");
    const namespaces = namespace === undefined ? await listProjects(cluster) : [namespace];
    if (namespaces === undefined || namespaces.length === 0) {
        throw new UnityError(
            namespaces === undefined
                ? `You are not allowed to list the Projects of the cluster ${cluster.title}`
                : `There is no Project in the cluster ${cluster.title}`,
            namespaces === undefined ? "Name a Project with --namespace NAME" : "Create one with pulumi up",
            exitCode.usage,
        );
    }
    return Promise.all(
        namespaces.map(async (each) => {
            try {
                const project = await findProject(cluster, each);
                const open = async () => (await openProjectKafka(cluster, project)).kafka;
                return await readHealth(cluster, project, open, { topicCreation: topicCreation(each) });
            } catch (error) {
                // One Project that is broken must not hide the others.
                if (namespace !== undefined || !(error instanceof ConnectionError)) {
                    throw error;
                }
                const unknown = { namespace: each, project: each, brokers: 0, clientNamespaces: undefined };
                return readHealth(cluster, unknown, () => Promise.reject(error));
            }
        }),
    );
}

async function show(found: readonly Health[], { output, watch }: StatusOptions): Promise<void> {
    const { problemsOf, healthText } = await import("../healthText.ts");
    const now = new Date();
    const projects = found.map((health) => ({ ...health, problems: problemsOf(health, now) }));
    if (output === "json") {
        process.stdout.write(`${JSON.stringify({ projects }, undefined, 2)}\n`);
    } else {
        if (watch && process.stdout.isTTY) {
            process.stdout.write(CLEAR);
        }
        process.stdout.write(found.map((health) => healthText(health, now)).join("\n"));
    }
    // The problems have been written in full; this only ends the program with its code.
    process.exitCode = projects.some(({ problems }) => problems.length > 0)
        ? exitCode.unhealthy
        : exitCode.ok;
}
