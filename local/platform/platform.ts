import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { logDir, root } from "../../common/paths.ts";
import type { Images } from "../image/image.ts";
import { kubePath } from "../tools/toolchain.ts";
import { waitUntil } from "../waitUntil.ts";
import { ensureAddons } from "./addons.ts";
import { isFrozen, processesOf } from "./cgroup.ts";
import { coreApi, isReady } from "./client.ts";
import {
    apiReady,
    controlFolders,
    controlPlane,
    corefile,
    corefilePath,
    startAddons,
    startApi,
    startControllers,
    untilApiReady,
} from "./control.ts";
import { ensureImageStore } from "./imageStore.ts";
import { allNodes, groups, MAX_NODES, type PlatformNode, processLog } from "./layout.ts";
import { checkMachine, readOwner, recordMachine, snapshotter } from "./machine.ts";
import { ensureControlNetwork, isConnected } from "./network.ts";
import {
    daemonsOf,
    ensureAgents,
    ensurePolicies,
    ensureRuntime,
    linkNames,
    nodePresent,
    nodeRunning,
} from "./node.ts";
import { beginWithImages, loadImages } from "./nodeImages.ts";
import { DaemonError, ensureStarted, isRunning } from "./process.ts";
import { ensureSecrets } from "./secrets.ts";

export interface PlatformOptions {
    /** Number of nodes, 1 to 9; nodes beyond it that run already are kept. */
    readonly nodes: number;
    /** Told about progress, in a few words. */
    readonly onStep?: (text: string) => void;
    /** Those that pods need, which every node gets. */
    readonly images: Images;
}

const imagesLog = join(logDir, "images.log");

/** Names the Kubernetes binary is started under. */
const programs = [
    ...Object.values(controlPlane).map(({ name }) => name),
    ...["kubelet", "kube-proxy", "kube-router", "kubectl"],
];

/**
 * Starts the parts of the embedded Kubernetes that do not run, and waits until every node is ready. Changes nothing
 * when all of it runs. The tools must have been built (`ensureTools`).
 *
 * @returns the nodes that run.
 * @throws Error when the machine cannot run it; DaemonError, naming a log, when a daemon does not become ready.
 */
export async function ensurePlatform(options: PlatformOptions): Promise<readonly PlatformNode[]> {
    const step = options.onStep ?? (() => {});
    if (!Number.isInteger(options.nodes) || options.nodes < 1 || options.nodes > MAX_NODES) {
        throw new Error(`the number of nodes is 1 to ${MAX_NODES}, not ${options.nodes}`);
    }
    checkMachine(platformProcesses() === 0);
    const nodes = allNodes.filter((node, position) => position < options.nodes || nodePresent(node));

    step("network and certificates");
    recordMachine();
    const complete = await Promise.all(nodes.map(isUp));
    const missing = nodes.filter((_, position) => !complete[position]);
    for (const folder of controlFolders) {
        mkdirSync(folder, { recursive: true });
    }
    linkNames(kubePath(), programs);
    if (missing.length > 0 || !(await platformRunning())) {
        await Promise.all([ensureControlNetwork(), ensureSecrets()]);
        writeFileSync(corefilePath, corefile);

        step("images");
        const layering = snapshotter();
        const store = await ensureImageStore(options.images, layering, imagesLog);
        if (store !== undefined) {
            await Promise.all(missing.map((node) => beginWithImages(node, store, options.images)));
        }

        step("API server and container runtimes");
        startApi();
        await Promise.all([untilApiReady(), ...missing.map((node) => ensureRuntime(node, layering))]);
    }

    step("nodes");
    startControllers();
    const started = nodes.map((node) => ({ node, since: ensureAgents(node) }));
    await Promise.all([ensureAddons().then(startAddons), untilNodesReady(started)]);
    for (const node of nodes) {
        ensurePolicies(node);
    }
    await loadImages(options.images, nodes, imagesLog);
    return nodes;
}

/**
 * Whether this checkout's platform runs: the whole control plane, and an API server that answers, on a busy machine
 * within ten seconds.
 */
export async function platformRunning(): Promise<boolean> {
    const isOurs = () => readOwner()?.root === root && controlPlaneRunning();
    const answersOrEnded = async () => !isOurs() || apiReady(5_000);
    return (await waitUntil(answersOrEnded, 10_000, 200)) && isOurs();
}

/** Number of processes of a platform on this machine, those of pods included. */
export const platformProcesses = () => processesOf(groups.all).length;

/** The nodes with at least one process. */
export const runningNodes = () => allNodes.filter(nodePresent);

/** Whether a node's daemons all run, and it is neither frozen nor cut off. */
async function isUp(node: PlatformNode): Promise<boolean> {
    return nodeRunning(node) && !isFrozen(node.group) && (await isConnected(node));
}

const controlPlaneRunning = () => Object.values(controlPlane).every(isRunning);

/** A node, and when its kubelet was started, if that was a moment ago. */
export interface AwaitedNode {
    readonly node: PlatformNode;
    readonly since: Date | undefined;
}

/** How long after its start a kubelet may still be a shell that becomes one. */
const STARTING = 2_000;

/**
 * Waits until nodes report that they can run pods. A kubelet that ends is started again: all of a machine listen for device
 * plugins at one path, and one that starts at the same moment as another may find it taken.
 *
 * @throws DaemonError naming the kubelet's log of one that does not within two minutes.
 */
export async function untilNodesReady(awaited: readonly AwaitedNode[]): Promise<void> {
    const api = coreApi();
    let missing: AwaitedNode | undefined;
    const startedAt = new Map(awaited.map(({ node, since }) => [node, since?.getTime() ?? 0]));
    const areReady = async () => {
        for (const [node, at] of startedAt) {
            const { kubelet } = daemonsOf(node);
            if (Date.now() - at > STARTING && !isRunning(kubelet)) {
                ensureStarted(kubelet);
                startedAt.set(node, Date.now());
            }
        }
        const { items } = await api.listNode();
        missing = awaited.find(
            ({ node, since }) =>
                !items.some((item) => item.metadata?.name === node.name && isReady(item, since)),
        );
        return missing === undefined;
    };
    if (!(await waitUntil(areReady, 120_000, 150)) && missing !== undefined) {
        const { kubelet } = daemonsOf(missing.node);
        throw new DaemonError(
            `${missing.node.name} is not ready after two minutes`,
            processLog(kubelet.name),
        );
    }
}
