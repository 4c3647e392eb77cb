/** Which brokers hold which replicas of a topic when the replication factor changes. */

export interface BrokerRack {
    readonly id: number;
    /** Zone of its node; null where brokers have none. */
    readonly rack: string | null;
}

/**
 * The replicas of each partition, the preferred leader first, `factor` of each. Of the present replicas, those on
 * brokers that are up are kept first, and those in different racks, from the leader on; new ones go to racks that the
 * partition does not have yet, and there to the brokers with the fewest replicas.
 *
 * @param brokers those that are up
 * @throws Error when there are fewer brokers than replicas
 */
export function assign(
    current: readonly (readonly number[])[],
    brokers: readonly BrokerRack[],
    factor: number,
): number[][] {
    if (brokers.length < factor) {
        throw new Error(
            `${brokers.length} brokers are up, which is too few for replication factor ${factor}`,
        );
    }
    const rackOf = new Map(brokers.map(({ id, rack }) => [id, rack]));
    const load = new Map(brokers.map(({ id }) => [id, 0]));
    const count = (id: number, by: number) => load.set(id, (load.get(id) ?? 0) + by);
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
                        load.get(one.id)! - load.get(other.id)! ||
                        one.id - other.id,
                );
            kept.push(next!.id);
            count(next!.id, 1);
        }
        return kept;
    });
}
