import { join } from "node:path";
import { logDir, stateDir } from "../../common/paths.ts";

/** Where the platform keeps its data in the checkout. */
export const dataDir = join(stateDir, "platform");

/**
 * The same folder under a short, fixed path (a bind mount). Every process of the platform is given this one:
 * sockets allow 107 bytes for their path, and the path of a checkout may be longer.
 */
export const runDir = "/run/unity-kafka";

/** Which checkout the running platform belongs to, and what the machine was like before. */
export const ownerPath = "/run/unity-kafka.json";

/** Network of the nodes. The bridge and the control plane have the first address, the host the last. */
export const network = {
    controlNamespace: "unity-control",
    bridge: "unity",
    hostLink: "unity0",
    hostAddress: "10.201.0.254",
    controlAddress: "10.201.0.1",
    /** Hardware address of the bridge, a locally administered one. */
    bridgeAddress: "02:00:0a:c9:00:01",
    prefixLength: 24,
    podRange: "10.244.0.0/16",
    serviceRange: "10.96.0.0/16",
    apiServiceAddress: "10.96.0.1",
    dnsServiceAddress: "10.96.0.10",
    apiPort: 6443,
} as const;

/** The API server as seen from the host and from every node. */
export const apiUrl = `https://${network.controlAddress}:${network.apiPort}`;

/** Control groups of the platform, below every hierarchy's root. */
export const groups = { all: "unity", control: "unity/control" } as const;

/** Addresses and credentials are prepared for so many. */
export const MAX_NODES = 9;

const zones = ["zone-a", "zone-b", "zone-c"] as const;

/** A node: a network namespace, a control group and a folder, with a container runtime and a kubelet in them. */
export interface PlatformNode {
    /** `node-1` to `node-9`; also the name of its end of the link on the bridge. */
    readonly name: string;
    readonly zone: string;
    readonly address: string;
    /** Addresses of its pods. */
    readonly podRange: string;
    readonly namespace: string;
    readonly group: string;
    /** Its folder, below {@link runDir}. */
    readonly dir: string;
    /** Where its containerd listens. */
    readonly socket: string;
}

/** All nodes that can be, in order; the first N of them are the platform of N nodes. */
export const allNodes: readonly PlatformNode[] = Array.from({ length: MAX_NODES }, (_, position) => {
    const number = position + 1;
    const name = `node-${number}`;
    const dir = join(runDir, "nodes", name);
    return {
        name,
        zone: zones[position % zones.length]!,
        address: `10.201.0.${10 + number}`,
        podRange: `10.244.${number}.0/24`,
        namespace: `unity-${name}`,
        group: `${groups.all}/${name}`,
        dir,
        socket: join(dir, "containerd.sock"),
    };
});

/** Where a node's containerd keeps its images. */
export const containerdFolder = (node: PlatformNode) => join(node.dir, "containerd");

/** File that gets the output of a process of the platform. */
export const processLog = (name: string) => join(logDir, "platform", `${name}.log`);

/** Folder whose entries are all the names that the one Kubernetes binary goes by. */
export const binDir = join(runDir, "bin");

/** Certificates, keys and tokens; readable by root only. */
export const secretsDir = join(runDir, "secrets");

/** The kubeconfig of a process of the platform. */
export const componentKubeconfig = (name: string) => join(secretsDir, `${name}.kubeconfig`);
