/** Which replicas move when brokers come or leave. */
import { isDeepStrictEqual } from "node:util";
import { type AssignedPartition, assign, type BrokerRack, ReplicaCounts } from "./assignment.ts";

export interface Partition extends AssignedPartition {
    readonly partition: number;
}

/** A partition, and the brokers that it is to have, the preferred leader first. */
export interface Reassignment {
    readonly topic: string;
    readonly partition: number;
    readonly replicas: readonly number[];
}

/** A partition whose replicas are being chosen. */
interface Layout extends Partition {
    /** The replicas that it is to have. */
    wanted: number[];
}

/** A difference of two between brokers is worth a move; one is what remains of a division. */
const UNEVEN = 2;
/** More than a topic can have on one broker. */
const MOST_REPLICAS = 2 ** 24;

/**
 * Assigns all partitions to these brokers: none has a replica elsewhere, each has replicas in as many racks as there can
 * be, and the brokers have as many replicas and preferred leaders as each other, as far as racks allow. No replica moves that
 * does not have to for this, and none moves twice. What is assigned so is not changed by another plan.
 *
 * @param brokers all that are to have replicas, not fewer than any partition is to have
 * @returns the partitions whose replicas, or whose preferred leader, change
 */
export function planReassignment(
    partitions: readonly Partition[],
    brokers: readonly BrokerRack[],
): Reassignment[] {
    const rackOf = new Map(brokers.map(({ id, rack }) => [id, rack ?? id]));
    const staying = partitions.map((each) => ({ ...each, replicas: keptReplicas(each, rackOf) }));
    const assigned = assign(staying, brokers);
    const layouts = partitions.map(
        (each, index): Layout => ({ ...each, wanted: inOrder(each.replicas, assigned[index]!) }),
    );
    const ids = brokers.map(({ id }) => id);
    balanceReplicas(layouts, ids, rackOf);
    balanceLeaders(layouts, ids);
    return layouts
        .filter(({ replicas, wanted }) => !isDeepStrictEqual(replicas, wanted))
        .map(({ topic, partition, wanted }) => ({ topic, partition, replicas: wanted }));
}

type Racks = ReadonlyMap<number, string | number>;

/** The replicas of a partition that may stay: those on these brokers, without some where it lacks a rack. */
function keptReplicas({ replicas, factor }: Partition, rackOf: Racks): number[] {
    const kept = replicas.filter((id) => rackOf.has(id));
    const racks = Math.min(factor, new Set(rackOf.values()).size);
    while (racksOf(kept, rackOf) + Math.max(0, factor - kept.length) < racks) {
        const last = kept.findLastIndex((id, index) =>
            kept.some((other, before) => before !== index && rackOf.get(other) === rackOf.get(id)),
        );
        kept.splice(last, 1);
    }
    return kept;
}

/** Present replicas in their order, so that leaders stay, and then the new ones. */
function inOrder(present: readonly number[], wanted: readonly number[]): number[] {
    return [...present.filter((id) => wanted.includes(id)), ...wanted.filter((id) => !present.includes(id))];
}

/** Moves replicas from brokers with more to brokers with fewer, until none has two more than another that could take one. */
function balanceReplicas(layouts: readonly Layout[], ids: readonly number[], rackOf: Racks): void {
    const counts = new ReplicaCounts(layouts.map(({ topic, wanted }) => ({ topic, replicas: wanted })));
    const next = () => {
        for (const [from, to] of unevenPairs(ids, (id) => counts.of(id))) {
            const best = bestOf(layouts, (layout) => costOf(layout, from, to, counts, rackOf));
            if (best !== undefined) {
                return { best, from, to };
            }
        }
        return undefined;
    };
    for (let move = next(); move !== undefined; move = next()) {
        const { best, from, to } = move;
        best.wanted = inOrder(
            best.replicas,
            best.wanted.map((id) => (id === from ? to : id)),
        );
        counts.add(from, best.topic, -1);
        counts.add(to, best.topic, 1);
    }
}

/**
 * What speaks against moving a replica of a partition; undefined where it cannot move, or the partition would have replicas
 * in fewer racks.
 */
function costOf(
    { topic, replicas, wanted }: Layout,
    from: number,
    to: number,
    counts: ReplicaCounts,
    rackOf: Racks,
): number | undefined {
    if (!wanted.includes(from) || wanted.includes(to) || losesRack(wanted, from, to, rackOf)) {
        return undefined;
    }
    // First of all, what moves anyway costs nothing. Then each topic is to be spread as well. A follower moves with less
    // ado than a leader.
    const moves = Number(replicas.includes(from)) - Number(replicas.includes(to));
    const fromTopic = counts.of(to, topic) - counts.of(from, topic);
    return (moves * MOST_REPLICAS + fromTopic) * 2 + Number(wanted[0] === from);
}

/** Whether a partition would have replicas in fewer racks: nothing else is in that of `from`, and something is in that of `to`. */
function losesRack(wanted: readonly number[], from: number, to: number, rackOf: Racks): boolean {
    const [rack, next] = [rackOf.get(from), rackOf.get(to)];
    const others = (wantedRack: string | number | undefined) =>
        wanted.some((id) => id !== from && rackOf.get(id) === wantedRack);
    return rack !== next && !others(rack) && others(next);
}

/** Has brokers with fewer preferred leaders lead what they follow, which moves nothing. */
function balanceLeaders(layouts: readonly Layout[], ids: readonly number[]): void {
    const leads = new Map(ids.map((id) => [id, 0]));
    const add = (id: number, by: number) => leads.set(id, (leads.get(id) ?? 0) + by);
    for (const { wanted } of layouts) {
        add(wanted[0]!, 1);
    }
    const next = () => {
        for (const [from, to] of unevenPairs(ids, (id) => leads.get(id) ?? 0)) {
            const best = bestOf(layouts, ({ replicas, wanted }) =>
                wanted[0] === from && wanted.includes(to)
                    ? Number(isDeepStrictEqual(replicas, wanted))
                    : undefined,
            );
            if (best !== undefined) {
                return { best, from, to };
            }
        }
        return undefined;
    };
    for (let change = next(); change !== undefined; change = next()) {
        const { best, from, to } = change;
        best.wanted = [to, ...best.wanted.filter((id) => id !== to)];
        add(from, -1);
        add(to, 1);
    }
}

/** Pairs of brokers of which the first has too many, the greatest difference first. */
function unevenPairs(ids: readonly number[], count: (id: number) => number): [from: number, to: number][] {
    return ids
        .flatMap((from) => ids.map((to): [number, number] => [from, to]))
        .filter(([from, to]) => count(from) - count(to) >= UNEVEN)
        .sort(([a, b], [c, d]) => count(c) - count(d) - (count(a) - count(b)));
}

/** The element of the lowest cost; the first of several. */
function bestOf<T>(all: readonly T[], costOfEach: (each: T) => number | undefined): T | undefined {
    let best: T | undefined;
    let lowest = Number.POSITIVE_INFINITY;
    for (const each of all) {
        const cost = costOfEach(each);
        if (cost !== undefined && cost < lowest) {
            best = each;
            lowest = cost;
        }
    }
    return best;
}

function racksOf(replicas: readonly number[], rackOf: Racks): number {
    return new Set(replicas.map((id) => rackOf.get(id))).size;
}
