/** Which brokers hold which replicas when the replication factor or the number of brokers changes. */

export interface BrokerRack {
    readonly id: number;
    /** Zone of its node; null where brokers have none. */
    readonly rack: string | null;
}

/** A partition as it is, and how many replicas it is to have. */
export interface AssignedPartition {
    readonly topic: string;
    /** Ids of its brokers, the preferred leader first. */
    readonly replicas: readonly number[];
    readonly factor: number;
}

/** How many replicas each broker has: of each topic, and of all. */
export class ReplicaCounts {
    readonly #all = new Map<number, number>();
    readonly #byTopic = new Map<string, Map<number, number>>();

    constructor(partitions: readonly Pick<AssignedPartition, "topic" | "replicas">[]) {
        for (const { topic, replicas } of partitions) {
            for (const id of replicas) {
                this.add(id, topic, 1);
            }
        }
    }

    of(broker: number, topic?: string): number {
        const counts = topic === undefined ? this.#all : this.#byTopic.get(topic);
        return counts?.get(broker) ?? 0;
    }

    add(broker: number, topic: string, by: number): void {
        const ofTopic = this.#byTopic.get(topic) ?? new Map<number, number>();
        this.#byTopic.set(topic, ofTopic);
        for (const counts of [this.#all, ofTopic]) {
            counts.set(broker, (counts.get(broker) ?? 0) + by);
        }
    }
}

/**
 * The replicas of each partition, the preferred leader first, as many as it is to have. Of the present replicas, those on
 * brokers that are up are kept first, and those in different racks, from the leader on; new ones go to racks that the
 * partition does not have yet, and there to the brokers with the fewest replicas: of the topic, then of all.
 *
 * @param brokers those that are up
 * @throws Error when there are fewer brokers than replicas
 */
export function assign(partitions: readonly AssignedPartition[], brokers: readonly BrokerRack[]): number[][] {
    const most = Math.max(0, ...partitions.map(({ factor }) => factor));
    if (brokers.length < most) {
        throw new Error(`${brokers.length} brokers are up, which is too few for replication factor ${most}`);
    }
    const rackOf = new Map(brokers.map(({ id, rack }) => [id, rack]));
    const counts = new ReplicaCounts(partitions);
    return partitions.map(({ topic, replicas, factor }) => {
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
                counts.add(id, topic, -1);
            }
        }
        while (kept.length < factor) {
            const racks = kept.map((id) => rackOf.get(id));
            const [next] = brokers
                .filter(({ id }) => !kept.includes(id))
                .sort(
                    (one, other) =>
                        Number(racks.includes(one.rack)) - Number(racks.includes(other.rack)) ||
                        counts.of(one.id, topic) - counts.of(other.id, topic) ||
                        counts.of(one.id) - counts.of(other.id) ||
                        one.id - other.id,
                );
            kept.push(next!.id);
            counts.add(next!.id, topic, 1);
        }
        return kept;
    });
}
