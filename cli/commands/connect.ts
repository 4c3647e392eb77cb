/** `unity connect`: a client's certificate and settings, out of the cluster and into a folder. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command, Option } from "commander";
import { SECRETS } from "../../common/names.ts";
import { clientHints } from "../clientHints.ts";
import { exitCode, UnityError } from "../errors.ts";

interface ConnectOptions {
    readonly local?: boolean;
    readonly namespace?: string;
    readonly context?: string;
    readonly folder?: string;
    readonly output: "text" | "json";
}

/** What a person sees who does not know the components' names. */
const OPERATOR = "operator";

/** The command, to be added to the program. */
export function connectCommand(): Command {
    return new Command("connect")
        .description("Writes what a client needs to connect into a folder: certificate, key and settings.")
        .argument("<NAME>", `a component of the Project, or ${OPERATOR}`)
        .option("--local", "use the embedded platform instead of the current kube context")
        .option("--namespace <NAME>", "namespace of the Project (default: the only one there is)")
        .option("--context <NAME>", "kube context to use (default: the current one)")
        .option("--folder <FOLDER>", "where to write (default: NAMESPACE-NAME in the current folder)")
        .addOption(
            new Option("-o, --output <FORMAT>", "json: one JSON document on stdout")
                .choices(["text", "json"])
                .default("text"),
        )
        .addHelpText(
            "after",
            `\nExit codes: ${exitCode.ok} written, ${exitCode.failed} the cluster does not answer or refuses, ${exitCode.usage} no such component or Project, or other files are in the folder.`,
        )
        .action(connect);
}

async function connect(name: string, options: ConnectOptions): Promise<void> {
    // The Kubernetes client takes half a second to load, which help and usage errors need not wait for.
    const { openCluster } = await import("../../kafka/kubernetes/cluster.ts");
    const { clusterChoice } = await import("../clusterChoice.ts");
    const { findProject } = await import("../../kafka/kubernetes/projects.ts");
    const { listClients, readClientSecret } = await import("../../kafka/kubernetes/clientSecrets.ts");
    const { clientFiles } = await import("../../kafka/client/clientFiles.ts");
    const cluster = openCluster(clusterChoice(options));
    const { namespace } = await findProject(cluster, options.namespace);
    const clients = await listClients(cluster, namespace);
    if (name !== OPERATOR && clients !== undefined && !clients.includes(name)) {
        throw new UnityError(
            `Namespace "${namespace}" has no component ${name}`,
            clients.length > 0
                ? `Choose one of: ${clients.join(", ")}`
                : "Add one to the Project's components",
            exitCode.usage,
        );
    }
    const secret = name === OPERATOR ? SECRETS.operator : SECRETS.component(name);
    const found = await readClientSecret(cluster, namespace, secret);
    const folder = resolve(options.folder ?? `${namespace}-${name}`);
    const files = clientFiles({
        bootstrap: found["bootstrap.servers"] ?? "",
        certificate: found["tls.crt"] ?? "",
        key: found["tls.key"] ?? "",
        authorities: found["ca.crt"] ?? "",
        folder,
    });
    write(folder, files);
    const hints = clientHints({ folder, namespace, secret });
    if (options.output === "json") {
        process.stdout.write(
            `${JSON.stringify({ folder, files: Object.keys(files), namespace, secret, ...hints }, null, 4)}\n`,
        );
    } else {
        process.stdout.write(`${hintsText(folder, hints)}\n`);
    }
}

/** Writes the files, for nobody else to read; those of an earlier time are renewed, those of others never. */
function write(folder: string, files: Record<string, string>): void {
    const strangers = existsSync(folder) ? readdirSync(folder).filter((name) => !(name in files)) : [];
    if (strangers.length > 0) {
        throw new UnityError(
            `The folder ${folder} has other files in it (${strangers.slice(0, 3).join(", ")})`,
            "Choose another with --folder",
            exitCode.usage,
        );
    }
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const [name, text] of Object.entries(files)) {
        const path = join(folder, name);
        if (!existsSync(path) || readFileSync(path, "utf8") !== text) {
            writeFileSync(path, text, { mode: 0o600 });
        }
    }
}

function hintsText(folder: string, { commands, pod }: ReturnType<typeof clientHints>): string {
    const lines = [
        `Certificate, key and settings are in ${folder}.`,
        "",
        "Brokers tell clients their names inside the cluster: these work where such names do, in a pod or through a VPN",
        "with the cluster's DNS. From anywhere else, `unity FILENAME` and kubectl go through the Kubernetes API.",
        "",
        ...Object.entries(commands).map(([tool, command]) => `  ${`${tool}:`.padEnd(12)}${command}`),
        "",
        "A pod of its own, with the same files in /etc/kafka-client (kubectl apply -f - reads it):",
        "",
        ...pod.split("\n").map((line) => `  ${line}`.trimEnd()),
    ];
    return lines.join("\n").trimEnd();
}
