/** Which brokers hold which copies of a topic when their number changes. */

export interface BrokerRack {
    readonly id: number;
    /** Zone of its node; null where brokers have none. */
    readonly rack: string | null;
}

/**
 * The copies of each partition, the leader's first, once there are `factor` of each. Of those that are there, those on
 * brokers that are up stay first, and those in different racks, from the leader on; new ones go to racks that the
 * partition does not have yet, and there to the brokers with the fewest copies.
 *
 * @param brokers those that are up
 * @throws Error when there are fewer brokers than copies
 */
export function assign(
    current: readonly (readonly number[])[],
    brokers: readonly BrokerRack[],
    factor: number,
): number[][] {
    if (brokers.length < factor) {
        throw new Error(`${brokers.length} brokers are up, which cannot hold ${factor} copies`);
    }
    const rackOf = new Map(brokers.map(({ id, rack }) => [id, rack]));
    const copies = new Map(brokers.map(({ id }) => [id, 0]));
    const count = (id: number, by: number) => copies.set(id, (copies.get(id) ?? 0) + by);
    for (const id of current.flat()) {
        count(id, 1);
    }
    return current.map((replicas) => {
        const kept: number[] = [];
        while (kept.length < Math.min(factor, replicas.length)) {
            const racks = kept.map((id) => rackOf.get(id));
            const rank = (id: number) =>
                rackOf.has(id) ? Number(rackOf.get(id) !== null && racks.includes(rackOf.get(id))) : 2;
            const [best] = replicas
                .filter((id) => !kept.includes(id))
                .sort((one, other) => rank(one) - rank(other));
            kept.push(best!);
        }
        for (const id of replicas) {
            if (!kept.includes(id)) {
                count(id, -1);
            }
        }
        while (kept.length < factor) {
            const racks = kept.map((id) => rackOf.get(id));
            const [next] = brokers
                .filter(({ id }) => !kept.includes(id))
                .sort(
                    (one, other) =>
                        Number(racks.includes(one.rack)) - Number(racks.includes(other.rack)) ||
                        copies.get(one.id)! - copies.get(other.id)! ||
                        one.id - other.id,
                );
            kept.push(next!.id);
            count(next!.id, 1);
        }
        return kept;
    });
}
