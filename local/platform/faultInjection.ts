import { run } from "../exec.ts";
import { freezeGroup, isFrozen, killGroup, thawGroup } from "./cgroup.ts";
import { coreApi } from "./client.ts";
import type { FaultActionName } from "./faultActions.ts";
import { kubectlEnv, kubectlPath } from "./kubectl.ts";
import { allNodes, type PlatformNode } from "./layout.ts";
import { snapshotter } from "./machine.ts";
import { isConnected, removeNodeNetwork, setConnected } from "./network.ts";
import { clearLeftovers, ensureAgents, ensurePolicies, ensureRuntime, nodePresent } from "./node.ts";
import { runningNodes, untilNodesReady } from "./platform.ts";

export interface FaultOptions {
    /** How long to wait for pods to be evicted, in seconds; default 300. For `drain` only. */
    readonly timeoutSeconds?: number;
    /** Told about progress, line by line. */
    readonly onStep?: (text: string) => void;
}

/** Each injects a failure into a node, or ends it. Safe to repeat. */
export const faults: Readonly<
    Record<FaultActionName, (node: PlatformNode, options: FaultOptions) => Promise<void>>
> = {
    stop: stopNode,
    start: startNode,
    freeze: freezeNode,
    thaw: thawNode,
    cut: cutNode,
    reconnect: reconnectNode,
    drain: drainNode,
    uncordon: uncordonNode,
};

/**
 * The node of this name.
 *
 * @throws Error naming the existing nodes.
 */
export async function findNode(name: string): Promise<PlatformNode> {
    const { items } = await coreApi().listNode();
    const known = new Set(items.map(({ metadata }) => metadata?.name));
    const nodes = allNodes.filter((node) => known.has(node.name));
    const node = nodes.find((each) => each.name === name);
    if (node === undefined) {
        throw new Error(`no node ${name}; the nodes are ${nodes.map((each) => each.name).join(", ")}`);
    }
    return node;
}

/** Powers a node off: without notice, and without closing a connection. */
export async function stopNode(node: PlatformNode): Promise<void> {
    // The network first, or the kernel would close the connections of the killed processes properly.
    if (await isConnected(node)) {
        await setConnected(node, false);
    }
    await killGroup(node.group);
    clearLeftovers(node);
    await removeNodeNetwork(node);
}

/** Powers a node on and waits until it is ready. */
export async function startNode(node: PlatformNode): Promise<void> {
    await ensureRuntime(node, snapshotter());
    await untilNodesReady([{ node, since: ensureAgents(node) }]);
    ensurePolicies(node);
}

/** Stops all processes of a node, its pods' too, from running: a machine that hangs. */
async function freezeNode(node: PlatformNode): Promise<void> {
    mustRun(node);
    freezeGroup(node.group);
}

/** Undoes {@link freezeNode}. */
async function thawNode(node: PlatformNode): Promise<void> {
    thawGroup(node.group);
}

/** Cuts a node off from all others and from the API server. */
export async function cutNode(node: PlatformNode): Promise<void> {
    mustRun(node);
    await setConnected(node, false);
}

/** Undoes {@link cutNode}. */
export async function reconnectNode(node: PlatformNode): Promise<void> {
    mustRun(node);
    await setConnected(node, true);
}

/** The state of a node's processes and network in a word or two: `running`, `stopped`, `frozen`, `cut off`. */
export async function nodeState(node: PlatformNode): Promise<string> {
    if (!nodePresent(node)) {
        return "stopped";
    }
    const faults = [isFrozen(node.group) ? "frozen" : "", (await isConnected(node)) ? "" : "cut off"];
    return faults.filter(Boolean).join(", ") || "running";
}

async function drainNode(node: PlatformNode, options: FaultOptions): Promise<void> {
    const flags = [
        "--ignore-daemonsets",
        "--delete-emptydir-data",
        // A pod without a controller, such as a client, leaves too.
        "--force",
        `--timeout=${options.timeoutSeconds ?? 300}s`,
    ];
    await kubectl(["drain", node.name, ...flags], options);
}

async function uncordonNode(node: PlatformNode, options: FaultOptions): Promise<void> {
    await kubectl(["uncordon", node.name], options);
}

async function kubectl(args: readonly string[], { onStep }: FaultOptions): Promise<void> {
    await run([kubectlPath, ...args], {
        env: kubectlEnv(),
        ...(onStep === undefined ? {} : { onLine: onStep }),
    });
}

function mustRun(node: PlatformNode): void {
    if (nodePresent(node)) {
        return;
    }
    const names = runningNodes().map(({ name }) => name);
    throw new Error(`${node.name} is stopped; running: ${names.join(", ") || "none"}`);
}
