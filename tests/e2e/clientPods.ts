/** Pods that are no servers of a Project: clients, allowed or not, and other people's tools in their network. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { V1Pod } from "@kubernetes/client-node";
import { root } from "../../common/paths.ts";
import { run } from "../../local/exec.ts";
import { ensurePackages } from "../../local/tools/packages.ts";
import { kafkaImage } from "../../local/versions.ts";
import { inPod, isReady, type Kubernetes, processOf, until } from "./cluster.ts";

const PYTHON_CLIENT = "/usr/lib/python3/dist-packages/confluent_kafka";

export interface ClientPod {
    readonly namespace: string;
    readonly name: string;
    /** Node to run on; default: any. */
    readonly node?: string;
    readonly labels?: Record<string, string>;
    /** Secrets by the folder where they are mounted. */
    readonly secrets?: Record<string, string>;
}

/** The label by which a Project's network policies know allowed clients. */
export const CLIENT_LABEL = { "unity-kafka/client": "true" };

/** Creates pods that do nothing, uses them, and deletes them. */
export async function withClientPods<T>(
    k: Kubernetes,
    clients: readonly ClientPod[],
    use: () => Promise<T>,
): Promise<T> {
    try {
        await Promise.all(clients.map((client) => createClientPod(k, client)));
        return await use();
    } finally {
        for (const { namespace, name } of clients) {
            await k.core.deleteNamespacedPod({ namespace, name }).catch(() => undefined);
        }
    }
}

/** Creates a pod and waits until it is Ready. */
async function createClientPod(k: Kubernetes, client: ClientPod): Promise<void> {
    const { namespace, name } = client;
    await k.core.createNamespacedPod({ namespace, body: podOf(client) });
    await until(`${name} is Ready`, 60, async () =>
        isReady(await k.core.readNamespacedPod({ namespace, name })),
    );
}

/** A pod as restricted as a Project's namespaces ask for. */
export function podOf({ namespace, name, node, labels, secrets = {} }: ClientPod): V1Pod {
    const volumes = Object.entries(secrets).map(([mountPath, secretName], i) => ({
        mount: { name: `secret-${i}`, mountPath, readOnly: true },
        volume: { name: `secret-${i}`, secret: { secretName } },
    }));
    return {
        metadata: { name, namespace, ...(labels && { labels }) },
        spec: {
            ...(node !== undefined && { nodeSelector: { "kubernetes.io/hostname": node } }),
            automountServiceAccountToken: false,
            terminationGracePeriodSeconds: 0,
            securityContext: {
                runAsNonRoot: true,
                runAsUser: 10_002,
                seccompProfile: { type: "RuntimeDefault" },
            },
            containers: [
                {
                    name,
                    image: kafkaImage,
                    command: ["sleep", "1800"],
                    securityContext: {
                        allowPrivilegeEscalation: false,
                        capabilities: { drop: ["ALL"] },
                    },
                    volumeMounts: volumes.map(({ mount }) => mount),
                },
            ],
            volumes: volumes.map(({ volume }) => volume),
        },
    };
}

/** Whether a client pod gets a connection. */
export async function connects(
    k: Kubernetes,
    { namespace, name }: ClientPod,
    host: string,
    port: number,
): Promise<boolean> {
    const command = `nc -w 3 ${host} ${port} < /dev/null > /dev/null 2>&1; echo $?`;
    return (await inPod(k, namespace, name, ["sh", "-c", command])).trim() === "0";
}

/** Waits until a client pod gets a connection: the firewall learns of a new pod a moment after the pod runs. */
export async function untilConnects(
    k: Kubernetes,
    client: ClientPod,
    host: string,
    port: number,
): Promise<void> {
    await until(`${client.name} is allowed to ${host}:${port}`, 60, () => connects(k, client, host, port));
}

/** Installs clients of Kafka that others wrote on this machine. */
export async function ensureClients(): Promise<void> {
    await ensurePackages([
        { package: "kcat", present: () => existsSync("/usr/bin/kcat") },
        { package: "python3-confluent-kafka", present: () => existsSync(PYTHON_CLIENT) },
    ]);
}

/**
 * Runs a shell command of this machine in the network of a client pod, with the names and policies that the pod has.
 * Returns its standard output; throws with all of its output if it fails.
 */
export async function inNetworkOf(
    k: Kubernetes,
    { namespace, name }: ClientPod,
    command: string,
): Promise<string> {
    const pid = await processOf(k, namespace, name, "sleep");
    // The names of services are known to the pod's own resolver only, and its files are those of another file system.
    const folder = mkdtempSync(join(tmpdir(), "unity-client-"));
    const resolver = join(folder, "resolv.conf");
    writeFileSync(resolver, readFileSync(`/proc/${pid}/root/etc/resolv.conf`));
    const script = `mount --bind ${resolver} /etc/resolv.conf && ${command}`;
    try {
        return await run(
            [
                "timeout",
                "60",
                "nsenter",
                `--target=${pid}`,
                "--net",
                "unshare",
                "--mount",
                "sh",
                "-c",
                script,
            ],
            // Debian's Python has Debian's packages, whatever else is on this machine.
            { cwd: root, env: { ...process.env, PATH: `/usr/bin:${process.env.PATH}` } },
        );
    } finally {
        rmSync(folder, { recursive: true });
    }
}
