/** The embedded cluster as the tests see it: its objects, its pods' insides, and its processes. */
import { readdirSync, readFileSync } from "node:fs";
import { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import {
    AppsV1Api,
    CoreV1Api,
    Exec,
    KubeConfig,
    NetworkingV1Api,
    RbacAuthorizationV1Api,
    StorageV1Api,
    type V1Pod,
    type V1Status,
} from "@kubernetes/client-node";
import { kubeconfigPath } from "../../common/paths.ts";

export interface Kubernetes {
    readonly core: CoreV1Api;
    readonly apps: AppsV1Api;
    readonly storage: StorageV1Api;
    readonly networking: NetworkingV1Api;
    readonly rbac: RbacAuthorizationV1Api;
    readonly exec: Exec;
}

export function connect(): Kubernetes {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfigPath);
    return clientsOf(config);
}

/** The same cluster, for somebody with this token. */
export function connectAs(name: string, token: string): Kubernetes {
    const admin = new KubeConfig();
    admin.loadFromFile(kubeconfigPath);
    const config = new KubeConfig();
    config.loadFromClusterAndUser(admin.getCurrentCluster()!, { name, token });
    return clientsOf(config);
}

function clientsOf(config: KubeConfig): Kubernetes {
    return {
        core: config.makeApiClient(CoreV1Api),
        apps: config.makeApiClient(AppsV1Api),
        storage: config.makeApiClient(StorageV1Api),
        networking: config.makeApiClient(NetworkingV1Api),
        rbac: config.makeApiClient(RbacAuthorizationV1Api),
        exec: new Exec(config),
    };
}

/** Standard output of a command in a pod, which `onOutput` is told as it comes. Throws with its standard error if it fails. */
export async function inPod(
    k: Kubernetes,
    namespace: string,
    pod: string,
    command: string[],
    onOutput?: (chunk: string) => void,
): Promise<string> {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const into = (chunks: Buffer[], told?: (chunk: string) => void) =>
        new Writable({
            write: (chunk: Buffer, _encoding, done) => {
                chunks.push(chunk);
                told?.(chunk.toString());
                done();
            },
        });
    const container = pod.replace(/-\d+$/, "");
    const status = await new Promise<V1Status>((resolve, reject) => {
        k.exec
            .exec(namespace, pod, container, command, into(out, onOutput), into(err), null, false, resolve)
            .catch(reject);
    });
    if (status.status === "Success") {
        return Buffer.concat(out).toString();
    }
    throw new Error(
        `${command.slice(0, 3).join(" ")} in ${pod}: ${Buffer.concat(err).toString()}${status.message}`,
    );
}

/** One metric of a server, at once: all of them take a broker a while. */
export async function metric(k: Kubernetes, namespace: string, pod: string, name: string): Promise<number> {
    return (await metrics(k, namespace, pod, `?name%5B%5D=${name}`)).get(name) ?? Number.NaN;
}

/** What the agent of a server reports, by metric name; labels are part of the name. */
export async function metrics(
    k: Kubernetes,
    namespace: string,
    pod: string,
    query = "",
): Promise<Map<string, number>> {
    const request = `printf '%s\\r\\n\\r\\n' 'GET /metrics${query} HTTP/1.0' | nc -w 5 127.0.0.1 9404`;
    const text = await inPod(k, namespace, pod, ["sh", "-c", request]);
    const lines = text.split("\n").filter((line) => /^[a-z].* \S+$/.test(line.trim()));
    return new Map(
        lines.map((line) => {
            const at = line.trim().lastIndexOf(" ");
            return [line.slice(0, at), Number(line.slice(at + 1))];
        }),
    );
}

export async function pods(k: Kubernetes, namespace: string, set?: string): Promise<V1Pod[]> {
    const labelSelector = set === undefined ? {} : { labelSelector: `app.kubernetes.io/name=${set}` };
    return (await k.core.listNamespacedPod({ namespace, ...labelSelector })).items;
}

export function isReady(pod: V1Pod): boolean {
    return pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}

export function restarts(pod: V1Pod): number {
    return pod.status?.containerStatuses?.[0]?.restartCount ?? 0;
}

/** Waits until something holds, or throws saying what did not within the time, in seconds. */
export async function until(what: string, seconds: number, holds: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    while (!(await holds())) {
        if (Date.now() > deadline) {
            throw new Error(`after ${seconds} s still not: ${what}`);
        }
        await sleep(250);
    }
}

/** Waits until every pod of a set is Ready. */
export async function untilReady(
    k: Kubernetes,
    namespace: string,
    set: string,
    count: number,
    seconds = 120,
): Promise<void> {
    await until(`${count} pods of ${set} in ${namespace} Ready`, seconds, async () => {
        const all = await pods(k, namespace, set);
        return all.length === count && all.every(isReady);
    });
}

/** Kills the Java process of a pod, as the kernel would for want of memory: no signal handler runs. */
export async function killJava(k: Kubernetes, namespace: string, pod: string): Promise<void> {
    process.kill(await processOf(k, namespace, pod, "java"), "SIGKILL");
}

/** Number on this machine of a pod's process of that name. */
export async function processOf(
    k: Kubernetes,
    namespace: string,
    pod: string,
    name: string,
): Promise<number> {
    const { metadata } = await k.core.readNamespacedPod({ namespace, name: pod });
    const pid = readdirSync("/proc").find((entry) => /^\d+$/.test(entry) && is(entry, name, metadata!.uid!));
    if (pid === undefined) {
        throw new Error(`no process ${name} of ${pod} in ${namespace}`);
    }
    return Number(pid);
}

function is(pid: string, name: string, podUid: string): boolean {
    try {
        const inCgroup = readFileSync(`/proc/${pid}/cgroup`, "utf8").includes(podUid);
        return inCgroup && readFileSync(`/proc/${pid}/comm`, "utf8").trim() === name;
    } catch {
        return false; // it ended between being listed and being looked at
    }
}
