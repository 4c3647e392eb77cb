import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { succeeds } from "../exec.ts";
import { ensureGroup, processesOf, thawGroup } from "./cgroup.ts";
import { cniConfig, containerdConfig, kubeletConfig, proxyConfig } from "./config.ts";
import { binDir, componentKubeconfig, network, type PlatformNode } from "./layout.ts";
import { unmountBelow } from "./mounts.ts";
import { ensureNodeNetwork } from "./network.ts";
import { type Daemon, ensureStarted, isRunning, untilReady } from "./process.ts";

/** The processes that make a namespace a node. */
export interface NodeDaemons {
    readonly containerd: Daemon;
    readonly kubelet: Daemon;
    readonly proxy: Daemon;
    /** The part of kube-router that enforces network policies. */
    readonly policies: Daemon;
}

/** The daemons of a node. */
export function daemonsOf(node: PlatformNode): NodeDaemons {
    const daemon = (program: string, command: Daemon["command"]): Daemon => ({
        name: `${node.name}-${program}`,
        group: `${node.group}/daemons/${program}`,
        namespace: node.namespace,
        command,
    });
    return {
        containerd: daemon("containerd", ["containerd", "--config", join(node.dir, "containerd.toml")]),
        kubelet: daemon("kubelet", [
            join(binDir, "kubelet"),
            `--config=${join(node.dir, "kubelet.yaml")}`,
            `--kubeconfig=${componentKubeconfig(node.name)}`,
            `--hostname-override=${node.name}`,
            `--node-ip=${node.address}`,
            `--root-dir=${join(node.dir, "kubelet")}`,
            `--node-labels=topology.kubernetes.io/zone=${node.zone},topology.kubernetes.io/region=embedded`,
        ]),
        proxy: daemon("kube-proxy", [
            join(binDir, "kube-proxy"),
            `--config=${join(node.dir, "kube-proxy.yaml")}`,
            `--hostname-override=${node.name}`,
        ]),
        policies: daemon("kube-router", [
            join(binDir, "kube-router"),
            `--kubeconfig=${componentKubeconfig("kube-router")}`,
            `--hostname-override=${node.name}`,
            `--service-cluster-ip-range=${network.serviceRange}`,
        ]),
    };
}

/** Whether all daemons of a node run. */
export const nodeRunning = (node: PlatformNode) => Object.values(daemonsOf(node)).every(isRunning);

/** Whether any process of a node runs, of its pods too. */
export const nodePresent = (node: PlatformNode) => processesOf(node.group).length > 0;

/**
 * Brings up a node's network and its container runtime, and waits until that answers. Ends the faults `cut` and `freeze`.
 *
 * @param snapshotter how containerd lays images over each other: `overlayfs`, or `native` where that is missing
 */
export async function ensureRuntime(node: PlatformNode, snapshotter: string): Promise<void> {
    thawGroup(node.group);
    await ensureNodeNetwork(node);
    ensureGroup(node.group);
    const { containerd } = daemonsOf(node);
    if (!isRunning(containerd)) {
        if (!nodePresent(node)) {
            clearLeftovers(node);
        }
        for (const folder of ["cni/net.d", "kubelet"]) {
            mkdirSync(join(node.dir, folder), { recursive: true });
        }
        writeFileSync(join(node.dir, "containerd.toml"), containerdConfig(node, snapshotter));
        writeFileSync(join(node.dir, "cni/net.d/pods.conflist"), JSON.stringify(cniConfig(node)));
        // The socket of a previous containerd would look like that of this one.
        rmSync(node.socket, { force: true });
        ensureStarted(containerd);
    }
    await untilReady(
        containerd,
        async () => existsSync(node.socket) && succeeds(["ctr", "--address", node.socket, "version"]),
    );
}

/**
 * Starts a node's kubelet and kube-proxy unless they run. The runtime must answer, or the kubelet gives up.
 *
 * @returns when the kubelet was started, or undefined if it ran already.
 */
export function ensureAgents(node: PlatformNode): Date | undefined {
    const { kubelet, proxy } = daemonsOf(node);
    const startedAt = isRunning(kubelet) ? undefined : new Date();
    if (startedAt !== undefined) {
        writeFileSync(join(node.dir, "resolv.conf"), "");
        writeFileSync(join(node.dir, "kubelet.yaml"), stringify(kubeletConfig(node)));
        ensureStarted(kubelet);
    }
    if (!isRunning(proxy)) {
        writeFileSync(join(node.dir, "kube-proxy.yaml"), stringify(proxyConfig()));
        ensureStarted(proxy);
    }
    return startedAt;
}

/** Starts kube-router, which needs the Node that the kubelet has created in the API. */
export function ensurePolicies(node: PlatformNode): void {
    ensureStarted(daemonsOf(node).policies);
}

/** Removes what a machine loses with its power: the state of the container runtime, and all mounts. */
export function clearLeftovers(node: PlatformNode): void {
    unmountBelow(node.dir);
    for (const folder of ["state", "runc"]) {
        rmSync(join(node.dir, folder), { recursive: true, force: true });
    }
}

/** Links the one Kubernetes binary under the names of its components. */
export function linkNames(binary: string, names: readonly string[]): void {
    for (const name of names) {
        const path = join(binDir, name);
        rmSync(path, { force: true });
        symlinkSync(binary, path);
    }
}
