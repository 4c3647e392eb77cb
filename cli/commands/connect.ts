/** `unity connect`: a client's certificate and settings, out of the cluster and into a folder. */
import { join, resolve } from "node:path";
import { Command } from "commander";
import { SECRETS } from "../../common/names.ts";
import type { FoundSecret } from "../../kafka/kubernetes/clientSecrets.ts";
import type { KubeCluster } from "../../kafka/kubernetes/cluster.ts";
import { clientHints } from "../clientHints.ts";
import { exitCode, UnityError } from "../errors.ts";
import { addProjectOptions, type OutputOptions, outputOption, type ProjectOptions } from "../options.ts";
import { settingsFolder, writePrivateFiles } from "../privateFiles.ts";

interface ConnectOptions extends ProjectOptions, OutputOptions {
    readonly folder?: string;
}

/** Takes the place of a component's name. */
const OPERATOR = "operator";

/** The command, to be added to the program. */
export function connectCommand(): Command {
    return addProjectOptions(
        new Command("connect"),
        "namespace of the Project, or of the component's pods (default: the only Project there is)",
    )
        .description("Writes what a client needs to connect into a folder: certificate, key and settings.")
        .argument("<NAME>", `a component of the Project, or ${OPERATOR}`)
        .option("--folder <FOLDER>", "where to write (default: ~/.config/unity-kafka/CONTEXT/NAMESPACE-NAME)")
        .addOption(outputOption())
        .addHelpText(
            "after",
            `\nExit codes: ${exitCode.ok} written, ${exitCode.failed} the cluster does not answer or refuses, ${exitCode.usage} no such component or Project, or the folder is a symbolic link, another user's, or contains other files.`,
        )
        .action(connect);
}

async function connect(name: string, options: ConnectOptions): Promise<void> {
    // The Kubernetes client takes half a second to load, which help and usage errors need not wait for.
    const { openCluster } = await import("../../kafka/kubernetes/cluster.ts");
    const { clusterChoice } = await import("../clusterChoice.ts");
    const { clientFiles } = await import("../../kafka/client/clientFiles.ts");
    const cluster = openCluster(clusterChoice(options));
    const { namespace, files: found } = await (name === OPERATOR
        ? findOperator(cluster, options.namespace)
        : findComponent(cluster, name, options.namespace));
    const secret = name === OPERATOR ? SECRETS.operator : SECRETS.component(name);
    const folder = resolve(
        options.folder ?? defaultFolder(cluster.config.getCurrentContext(), `${namespace}-${name}`),
    );
    const files = clientFiles({
        bootstrap: found["bootstrap.servers"] ?? "",
        certificate: found["tls.crt"] ?? "",
        key: found["tls.key"] ?? "",
        authorities: found["ca.crt"] ?? "",
        folder,
    });
    writePrivateFiles(folder, files);
    const hints = clientHints({ folder, namespace, secret });
    if (options.output === "json") {
        process.stdout.write(
            `${JSON.stringify({ folder, files: Object.keys(files), namespace, secret, ...hints }, null, 4)}\n`,
        );
    } else {
        process.stdout.write(`${hintsText(folder, hints)}\n`);
    }
}

async function findOperator(cluster: KubeCluster, namespace: string | undefined): Promise<FoundSecret> {
    const { findProject } = await import("../../kafka/kubernetes/projects.ts");
    const { readClientSecret } = await import("../../kafka/kubernetes/clientSecrets.ts");
    const project = await findProject(cluster, namespace);
    return { namespace: project.namespace, files: await readClientSecret(cluster, project.namespace) };
}

/** The Secret in the namespace itself, which is all that the people of a component may read, or in those of a Project. */
async function findComponent(
    cluster: KubeCluster,
    name: string,
    namespace: string | undefined,
): Promise<FoundSecret> {
    const { findProject } = await import("../../kafka/kubernetes/projects.ts");
    const { findComponentSecret, listClients, secretNamespaces } = await import(
        "../../kafka/kubernetes/clientSecrets.ts"
    );
    const own = namespace === undefined ? [] : [namespace];
    const found = await findComponentSecret(cluster, name, own);
    if (found) {
        return found;
    }
    const others = await listClients(cluster, own);
    if (others.length > 0) {
        throw noComponent(name, own, others);
    }
    const namespaces = secretNamespaces(await findProject(cluster, namespace));
    const elsewhere = await findComponentSecret(cluster, name, namespaces);
    if (elsewhere) {
        return elsewhere;
    }
    throw noComponent(name, namespaces, await listClients(cluster, namespaces));
}

function noComponent(name: string, namespaces: readonly string[], others: readonly string[]): UnityError {
    return new UnityError(
        `No component ${name} has a Secret in namespace ${namespaces.join(" or ")}`,
        others.length > 0
            ? `Choose one of: ${others.join(", ")}`
            : "Add it to the Project's components and run pulumi up",
        exitCode.usage,
    );
}

/** Where a client's files are by default: in no checkout, and two clusters of the same namespaces apart. */
function defaultFolder(context: string, client: string): string {
    return join(settingsFolder(), context.replace(/[^\w.-]+/g, "_"), client);
}

function hintsText(folder: string, { commands, pod }: ReturnType<typeof clientHints>): string {
    const lines = [
        `Certificate, key and settings are in ${folder}.`,
        "",
        "The brokers advertise their names inside the cluster: these commands work where such names resolve, in a pod or",
        "through a VPN with the cluster's DNS. From anywhere else use `unity FILENAME`, which goes through the Kubernetes API.",
        "",
        ...Object.entries(commands).map(([tool, command]) => `  ${`${tool}:`.padEnd(12)}${command}`),
        "",
        "A client pod with the same files in /etc/kafka-client, for kubectl apply -f -:",
        "",
        ...pod.split("\n").map((line) => `  ${line}`.trimEnd()),
    ];
    return lines.join("\n").trimEnd();
}
