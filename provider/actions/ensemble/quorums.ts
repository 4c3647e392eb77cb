/**
 * How an ensemble gets from 3 to 5 servers or back while it serves, and never has two leaders.
 *
 * ZooKeeper's servers know each other by a list in zoo.cfg, and a server that restarts with another list counts votes by
 * that. Two leaders need two majorities without a server in common. So the list changes in steps, by weights of votes
 * (ZooKeeper Administrator's Guide, "Cluster Options"), such that every majority of a list and every majority of the next
 * one have a server in common. No server gets a further list before all have this one.
 */
import { FILES_ANNOTATION, serverAddress, serverId, ZOOKEEPER } from "../../../common/names.ts";

/** The list of servers in a zoo.cfg. */
export interface ServerList {
    /** Servers 1 to this one. */
    readonly servers: number;
    /** Weight of each server's vote, in the order of the servers. Default: all the same. */
    readonly weights?: readonly number[];
}

/** All lists, from the smallest to the largest ensemble. One and the next may be in use at the same time. */
export const SERVER_LISTS = [
    { servers: 3 },
    // A majority is two of the first three, as before. The others join and count for nothing yet.
    { servers: 5, weights: [3, 3, 3, 1, 1] },
    // A majority of all five that contains two of the first three: it meets that of both neighbours.
    { servers: 5, weights: [2, 2, 2, 1, 1] },
    { servers: 5 },
] as const satisfies readonly ServerList[];

/** Place of a list in {@link SERVER_LISTS}. */
export type Position = number;

/** The place of the list that an ensemble of so many servers has when nothing changes; undefined where it has none. */
export function positionOf(servers: number): Position | undefined {
    const found = SERVER_LISTS.findIndex((list) => list.servers === servers && !("weights" in list));
    return found < 0 ? undefined : found;
}

/** The place of the list in a zoo.cfg; undefined for one that is not of this program. */
export function positionIn(zooCfg: string): Position | undefined {
    const values = (key: string) =>
        [...zooCfg.matchAll(new RegExp(`^${key}\\.(\\d+)=(.*)$`, "gm"))]
            .map(([, id, value]) => [Number(id), value!] as const)
            .sort(([a], [b]) => a - b);
    const ids = values("server").map(([id]) => id);
    const weights = values("weight").map(([, weight]) => Number(weight));
    const found = SERVER_LISTS.findIndex(
        (list) =>
            ids.length === list.servers &&
            ids.every((id, ordinal) => id === serverId(ordinal)) &&
            weights.join() === ("weights" in list ? list.weights : []).join(),
    );
    return found < 0 ? undefined : found;
}

/**
 * The list that all servers get next.
 *
 * @param inUse those of the servers, and of the pod template, which a pod that is missing comes back with
 * @returns undefined where the list that is wanted may be the next
 */
export function nextPosition(inUse: readonly Position[], wanted: Position): Position | undefined {
    const [first, last] = [Math.min(...inUse), Math.max(...inUse)];
    if (last - first > 1) {
        throw new Error(`lists ${first} and ${last} of servers are in use at the same time`);
    }
    if (wanted - first <= 1 && last - wanted <= 1) {
        return undefined;
    }
    // One step where all servers have the same; else the one of the two that is nearer.
    return first === last ? first + Math.sign(wanted - first) : wanted > first ? last : first;
}

/** A zoo.cfg with another list of servers, and all else as it was. @throws Error where it names no ports of servers */
export function withServerList(zooCfg: string, namespace: string, position: Position): string {
    const { servers, weights }: ServerList = SERVER_LISTS[position]!;
    const ports = /^server\.\d+=[^:\n]+:(\d+:\d+)$/m.exec(zooCfg)?.[1];
    if (ports === undefined) {
        throw new Error("zoo.cfg names no ports of servers");
    }
    const ids = Array.from({ length: servers }, (_, ordinal) => serverId(ordinal));
    const list = ids.map((id, ordinal) => {
        const address = serverAddress(ZOOKEEPER.name, ordinal, ZOOKEEPER.nodes, namespace);
        return `server.${id}=${address}:${ports}`;
    });
    const votes = weights
        ? [
              `group.1=${ids.join(":")}`,
              ...weights.map((weight, ordinal) => `weight.${serverId(ordinal)}=${weight}`),
          ]
        : [];
    const rest = zooCfg
        .split("\n")
        .filter((line) => line !== "" && !/^(server|group|weight)\.\d+=/.test(line));
    return [...rest, ...list, ...votes]
        .sort()
        .map((line) => `${line}\n`)
        .join("");
}

/** Annotation of a pod, and of a pod template, that is its zoo.cfg. */
export const ZOO_CFG = `${FILES_ANNOTATION}/zoo.cfg`;
