import { freezeGroup, isFrozen, killGroup, thawGroup } from "./cgroup.ts";
import { coreApi, embeddedConfig } from "./client.ts";
import { drainNode, setCordoned } from "./drain.ts";
import { allNodes, type PlatformNode } from "./layout.ts";
import { snapshotter } from "./machine.ts";
import { isConnected, removeNodeNetwork, setConnected } from "./network.ts";
import { clearLeftovers, ensureAgents, ensurePolicies, ensureRuntime, nodePresent } from "./node.ts";
import { runningNodes, untilNodesReady } from "./platform.ts";

/** What can be done to a node. Each is safe to repeat. */
export interface NodeAction {
    /** One line for people. */
    readonly description: string;
    readonly run: (node: PlatformNode, options: FaultOptions) => Promise<void>;
}

export interface FaultOptions {
    /** How long to wait for pods to leave, in seconds; default 300. For `drain` only. */
    readonly timeoutSeconds?: number;
    /** Told what is being waited for. */
    readonly onStep?: (text: string) => void;
}

export const nodeActions = {
    stop: { description: "power off: everything on it is gone at once", run: stopNode },
    start: { description: "power on again, and wait until it is ready", run: startNode },
    freeze: { description: "stop all its processes from running; connections stay open", run: freezeNode },
    thaw: { description: "let its processes run again", run: thawNode },
    cut: { description: "pull out its network cable; its processes go on", run: cutNode },
    reconnect: { description: "put the cable back", run: reconnectNode },
    drain: { description: "cordon it and evict its pods as their disruption budgets allow", run: drain },
    uncordon: { description: "let pods be scheduled to it again", run: uncordon },
} as const satisfies Record<string, NodeAction>;

/** A name of {@link nodeActions}. */
export type NodeActionName = keyof typeof nodeActions;

/**
 * The node of a name.
 *
 * @throws Error listing the names there are.
 */
export async function findNode(name: string): Promise<PlatformNode> {
    const { items } = await coreApi().listNode();
    const known = new Set(items.map(({ metadata }) => metadata?.name));
    const nodes = allNodes.filter((node) => known.has(node.name));
    const node = nodes.find((each) => each.name === name);
    if (node === undefined) {
        throw new Error(`no node ${name}; there are ${nodes.map((each) => each.name).join(", ")}`);
    }
    return node;
}

/** Powers a node off: nobody is told, no connection is closed. */
export async function stopNode(node: PlatformNode): Promise<void> {
    // First the cable, or its kernel would say goodbye on behalf of the processes it loses.
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
export async function freezeNode(node: PlatformNode): Promise<void> {
    mustRun(node);
    freezeGroup(node.group);
}

/** Undoes {@link freezeNode}. */
export async function thawNode(node: PlatformNode): Promise<void> {
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

/** In what state a node's processes and its network are, in a word or two. */
export async function nodeState(node: PlatformNode): Promise<string> {
    if (!nodePresent(node)) {
        return "stopped";
    }
    const faults = [isFrozen(node.group) ? "frozen" : "", (await isConnected(node)) ? "" : "cut off"];
    return faults.filter(Boolean).join(", ") || "running";
}

async function drain(node: PlatformNode, options: FaultOptions): Promise<void> {
    await drainNode(embeddedConfig(), node.name, options);
}

async function uncordon(node: PlatformNode): Promise<void> {
    await setCordoned(coreApi(), node.name, false);
}

function mustRun(node: PlatformNode): void {
    if (nodePresent(node)) {
        return;
    }
    const names = runningNodes().map(({ name }) => name);
    throw new Error(`${node.name} is stopped; running: ${names.join(", ") || "none"}`);
}
