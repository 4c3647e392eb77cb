import { existsSync } from "node:fs";
import { run, succeeds } from "../exec.ts";
import { allNodes, network, type PlatformNode } from "./layout.ts";

/**
 * The network: a bridge in a namespace of its own, one namespace per node, and one link to the host. Routes,
 * forwarding and packet filters exist inside these namespaces only, so that the host's stay as they are.
 */

/** Creates what is missing of the control plane's namespace and the host's link to it. */
export async function ensureControlNetwork(): Promise<void> {
    const { controlNamespace, bridge, hostLink, prefixLength } = network;
    await ensureNamespace(controlNamespace);
    const inside = inNamespace(controlNamespace);
    if (!(await inside.hasLink(bridge))) {
        // Without a fixed address a bridge takes one from its ports: it would change with them, and be unreachable
        // until ARP caches expire.
        await inside.ip("link", "add", bridge, "address", network.bridgeAddress, "type", "bridge");
    }
    await inside.ip("address", "replace", `${network.controlAddress}/${prefixLength}`, "dev", bridge);
    await inside.up("lo", bridge);
    for (const node of allNodes) {
        await inside.ip("route", "replace", node.podRange, "via", node.address);
    }
    if (!(await inside.hasLink("host"))) {
        await succeeds(["ip", "link", "delete", hostLink]);
        await run([
            "ip",
            "link",
            "add",
            hostLink,
            "type",
            "veth",
            "peer",
            "name",
            "host",
            "netns",
            controlNamespace,
        ]);
    }
    await inside.ip("link", "set", "host", "master", bridge, "up");
    await run(["ip", "address", "replace", `${network.hostAddress}/${prefixLength}`, "dev", hostLink]);
    await run(["ip", "link", "set", hostLink, "up"]);
}

/** Creates what is missing of a node's namespace and its link to the bridge, and switches the link on. */
export async function ensureNodeNetwork(node: PlatformNode): Promise<void> {
    await ensureNamespace(node.namespace);
    const control = inNamespace(network.controlNamespace);
    const inside = inNamespace(node.namespace);
    if (!(await inside.hasLink("eth0"))) {
        // The kernel may still be removing the node's previous namespace, and its link with it.
        await removeLink(node);
        await control.ip(
            ...["link", "add", node.name, "type", "veth", "peer", "name", "eth0", "netns", node.namespace],
        );
    }
    await control.ip("link", "set", node.name, "master", network.bridge, "up");
    await inside.ip("address", "replace", `${node.address}/${network.prefixLength}`, "dev", "eth0");
    await inside.up("lo", "eth0");
    await inside.ip("route", "replace", "default", "via", network.controlAddress);
    for (const other of allNodes.filter(({ name }) => name !== node.name)) {
        await inside.ip("route", "replace", other.podRange, "via", other.address);
    }
    await run([...inside.enter, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"]);
}

/** Whether a node's link to the bridge is up; false when it has none. */
export async function isConnected(node: PlatformNode): Promise<boolean> {
    const link = ["ip", "-n", network.controlNamespace, "-oneline", "link", "show", node.name] as const;
    return run(link).then(
        (line) => /<[^>]*\bUP\b[^>]*>/.test(line),
        () => false,
    );
}

/** Switches a node's link to the bridge on or off. */
export async function setConnected(node: PlatformNode, connected: boolean): Promise<void> {
    await run(["ip", "-n", network.controlNamespace, "link", "set", node.name, connected ? "up" : "down"]);
}

/** Removes a node's namespace and its link, if they exist. */
export async function removeNodeNetwork(node: PlatformNode): Promise<void> {
    await removeLink(node);
    await removeNamespace(node.namespace);
}

const removeLink = (node: PlatformNode) =>
    succeeds(["ip", "-n", network.controlNamespace, "link", "delete", node.name]);

async function removeNamespace(name: string): Promise<void> {
    if (existsSync(`/run/netns/${name}`)) {
        await run(["ip", "netns", "delete", name]);
    }
}

/** Removes all namespaces and links of the platform; returns the number of namespaces. */
export async function removeNetwork(): Promise<number> {
    const names = [network.controlNamespace, ...allNodes.map(({ namespace }) => namespace)];
    const count = names.filter((name) => existsSync(`/run/netns/${name}`)).length;
    for (const node of allNodes) {
        await removeNodeNetwork(node);
    }
    await removeNamespace(network.controlNamespace);
    // Removed with its other end, unless a process keeps that namespace alive.
    if (existsSync(`/sys/class/net/${network.hostLink}`)) {
        await succeeds(["ip", "link", "delete", network.hostLink]);
    }
    return count;
}

async function ensureNamespace(name: string): Promise<void> {
    const usable = () => succeeds(["nsenter", `--net=/run/netns/${name}`, "true"]);
    if (await usable()) {
        return;
    }
    // A run that was interrupted between the two halves of `ip netns add` leaves a file that is no namespace.
    await removeNamespace(name);
    await run(["ip", "netns", "add", name]);
}

function inNamespace(name: string) {
    const ip = (...args: string[]) => run(["ip", "-n", name, ...args]);
    return {
        ip,
        enter: ["nsenter", `--net=/run/netns/${name}`] as const,
        hasLink: (link: string) => succeeds(["ip", "-n", name, "link", "show", link]),
        up: async (...links: string[]) => {
            for (const link of links) {
                await ip("link", "set", link, "up");
            }
        },
    };
}
