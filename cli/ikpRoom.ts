/** Whether the disks of Projects have room for what their bridges copy when they begin at the earliest record. */

import { formatBytes } from "../common/format.ts";
import { bytes } from "../common/quantity.ts";
import { retainedBytes } from "../kafka/admin/retainedBytes.ts";
import { SharedConnections } from "../kafka/admin/sharedConnections.ts";
import type { KafkaAddress } from "../kafka/client/kafkajs.ts";
import type { BridgedProject } from "./ikpCheck.ts";

/** Share of its disks that a Project may use for that; brokers stop when a disk is full. */
const ROOM = 0.8;

/**
 * A line for each Project whose disks may not be enough. A topic that cannot be read has its error elsewhere, and is
 * left out.
 */
export async function roomWarnings(
    address: KafkaAddress,
    projects: readonly BridgedProject[],
): Promise<string[]> {
    const connections = new SharedConnections(address);
    try {
        const warnings = await Promise.all(projects.map((project) => roomWarning(connections, project)));
        return warnings.flat();
    } finally {
        await connections.close();
    }
}

async function roomWarning(
    connections: SharedConnections,
    { name, bridge, topics = [], kafka }: BridgedProject,
): Promise<string[]> {
    if (bridge.from !== "earliest" || kafka === undefined) {
        return [];
    }
    const copies = await Promise.all(
        bridge.inbound.map(async ({ from, to }) => {
            const replicas = topics.find((topic) => topic.name === to)?.replicationFactor ?? 1;
            return (await retainedBytes(connections, from).catch(() => 0)) * replicas;
        }),
    );
    const needed = copies.reduce((sum, size) => sum + size, 0);
    const disks = kafka.brokers * bytes(kafka.disk.size);
    return needed <= ROOM * disks
        ? []
        : [
              `The inbound topics of Project ${name} hold so much at IKP that all their replicas take about ${formatBytes(needed)}, and the disks of its brokers have ${formatBytes(disks)} in all. Raise kafka.disk.size, or set bridge.from to latest, unless the bridge has read them already.`,
          ];
}
