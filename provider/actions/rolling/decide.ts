/** What a rolling update does next, by what is seen of the servers. */
import type { Server } from "./servers.ts";

/** What the servers are to each other: a quorum, or the replicas of partitions. */
export interface Membership {
    /** Why nobody is served: there is no quorum, or no broker answers. Undefined where somebody is. */
    readonly outage: string | undefined;
    /** How long the outage may last, in milliseconds. Default: as long as anything. */
    readonly patience?: number;
    /** Name of the server that is restarted last: ZooKeeper's leader, Kafka's controller. */
    readonly last: string | undefined;
    /** Why this server must not restart now, by what the others have; undefined where it may. */
    needed(server: Server): string | undefined;
    /** What cannot be used while this server restarts, whatever the others have; undefined where nothing. */
    unavailable?(server: Server): string | undefined;
    /** Whether a server that is not Ready takes part all the same. */
    takesPart(server: Server): boolean;
}

export type Step =
    | { readonly kind: "done" }
    | {
          readonly kind: "wait";
          /** What for. A change of its words is progress. */
          readonly reason: string;
          /** What it is about, where the words of the reason change without progress. */
          readonly subject?: string;
          /** How long it may stay like this, in milliseconds. Default: as long as for anything. */
          readonly patience?: number;
      }
    | {
          readonly kind: "restart";
          readonly servers: readonly Server[];
          readonly why: string;
          /** How long this must have been so, in milliseconds: a server may be unready for a moment. */
          readonly settled: number;
          /** Whether they serve somebody, so that the disruption budget has a say. */
          readonly serving: boolean;
          /** What cannot be used meanwhile. */
          readonly unavailable?: string | undefined;
      };

const SETTLED = 15_000;
/** How long servers run, none of them Ready, before they are asked why, in milliseconds. */
const UNDECIDED = 60_000;

/**
 * Chooses the next step. Outdated servers that serve nobody are restarted first and together, as they may be waiting
 * for each other. The others follow one by one: each when all that were restarted are Ready, and no quorum or
 * partition needs it. No further server gets a revision that does not start.
 *
 * @param ask asks the servers for their membership; only called where it matters
 */
export async function decide(servers: readonly Server[], ask: () => Promise<Membership>): Promise<Step> {
    if (servers.every(({ outdated, ready }) => !outdated && ready)) {
        return { kind: "done" };
    }
    const outdated = servers.filter((server) => server.outdated && server.uid !== undefined);
    const broken = outdated.filter(({ expired, failure, ready }) => expired || (failure && !ready));
    if (broken.length > 0) {
        const [{ expired, failure }] = broken as [Server];
        const why = expired ? "its certificate has expired" : `it ${failure?.reason}`;
        return { kind: "restart", servers: broken, why, settled: 0, serving: false };
    }
    const updated = servers.filter((server) => !server.outdated && !server.ready);
    const failing = updated.find(({ failure }) => failure !== undefined);
    if (failing?.failure) {
        const { reason, patience } = failing.failure;
        return { kind: "wait", reason: `${failing.name} ${reason}`, subject: failing.name, patience };
    }
    const missing = servers.filter(({ uid }) => uid === undefined);
    if (missing.length > 0) {
        return { kind: "wait", reason: `Kubernetes is replacing the pod of ${namesOf(missing)}` };
    }
    const starting: Step = {
        kind: "wait",
        reason: `${namesOf(updated)} ${updated.length === 1 ? "is" : "are"} not Ready`,
    };
    if (updated.length === servers.length && servers.every(({ runsFor }) => runsFor >= UNDECIDED)) {
        const { outage, patience } = await ask();
        // Others take their time.
        return outage !== undefined && patience !== undefined
            ? { kind: "wait", reason: outage, subject: "outage", patience }
            : starting;
    }
    if (outdated.every(({ ready }) => ready) && updated.length > 0) {
        return starting;
    }
    const membership = await ask();
    const idle = outdated.filter((server) => !server.ready && !membership.takesPart(server));
    if (idle.length > 0) {
        return { kind: "restart", servers: idle, why: "it serves nobody", settled: SETTLED, serving: false };
    }
    if (membership.outage !== undefined) {
        return { kind: "wait", reason: membership.outage };
    }
    return updated.length > 0 ? starting : nextOf(outdated, membership);
}

/** The next of servers that all take part: those that are not Ready first. */
function nextOf(outdated: readonly Server[], { last, needed, unavailable }: Membership): Step {
    const others = outdated.filter(({ name }) => name !== last);
    const candidates = (others.length > 0 ? others : outdated).toSorted(
        (a, b) => Number(a.ready) - Number(b.ready) || b.ordinal - a.ordinal,
    );
    const next = candidates.find((server) => needed(server) === undefined);
    if (next) {
        const restart = { kind: "restart", servers: [next], why: "it is outdated", settled: 0 } as const;
        return { ...restart, serving: true, unavailable: unavailable?.(next) };
    }
    const [first] = candidates as [Server];
    return { kind: "wait", reason: `${first.name} cannot be restarted: ${needed(first)}` };
}

function namesOf(servers: readonly Server[]): string {
    return servers.map(({ name }) => name).join(", ");
}
