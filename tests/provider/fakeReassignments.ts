/** A Kafka in memory whose replicas move, and what Kubernetes knows of its brokers. */
import assert from "node:assert/strict";
import type { LogDir } from "../../kafka/admin/logDirs.ts";
import type { Metadata } from "../../kafka/admin/metadata.ts";
import type { Reassignment } from "../../kafka/admin/reassignmentPlan.ts";
import type { OngoingReassignment } from "../../kafka/admin/reassignments.ts";
import type { ThrottledPartition } from "../../kafka/admin/replicationThrottle.ts";
import type { BrokerState } from "../../provider/handlers/brokerDecommission.ts";
import { FakeKafka } from "./fakeKafka.ts";

const GB = 1e9;

interface FakePartition {
    replicas: number[];
    adding: number[];
    removing: number[];
    /** How often its reassignment is still listed. */
    steps: number;
}

export class MovingKafka extends FakeKafka {
    up: number[];
    mayAlter = true;
    /** Bytes of a replica, by topic. */
    readonly sizes: Record<string, number> = {};
    disk = { total: 100 * GB, usable: 80 * GB };
    /** Replicas that are on a disk although they are none of its broker's, such as `3 orders-0`. */
    readonly strays = new Set<string>();
    /** How often a reassignment is listed before it ends. */
    steps = 2;
    /** What happens when replicas begin to move. */
    onReassign: (() => void) | undefined;
    readonly partitions = new Map<string, FakePartition>();

    constructor(brokers: number, topics: Record<string, number[][]>) {
        super();
        this.up = Array.from({ length: brokers }, (_, id) => id);
        for (const [topic, assignment] of Object.entries(topics)) {
            for (const [partition, replicas] of assignment.entries()) {
                this.partitions.set(`${topic}-${partition}`, {
                    replicas,
                    adding: [],
                    removing: [],
                    steps: 0,
                });
            }
        }
    }

    /** The replicas of all partitions. */
    get assignment(): Record<string, number[]> {
        return Object.fromEntries([...this.partitions].map(([name, { replicas }]) => [name, replicas]));
    }

    override async metadata(by?: "any" | "controller"): Promise<Metadata> {
        assert.equal(by, "controller");
        const named = [...this.partitions].map(([name, each]) => ({ ...split(name), ...each }));
        const topics = [...Map.groupBy(named, ({ topic }) => topic)].map(([name, all]) => ({
            ...{ name, error: 0, operations: 0 },
            partitions: all.map(({ partition, replicas }) => {
                const inSync = replicas.filter((id) => this.up.includes(id));
                return { partition, leader: inSync[0] ?? -1, replicas, inSync };
            }),
        }));
        const brokers = this.up.map((id) => ({ id, address: `kafka-${id}:9092`, rack: null }));
        return { brokers, controller: 0, mayAlter: this.mayAlter, topics: this.mayAlter ? topics : [] };
    }

    override async listReassignments(): Promise<readonly OngoingReassignment[]> {
        return [...this.partitions].flatMap(([name, each]) => {
            if (each.steps === 0) {
                return [];
            }
            const { replicas, adding, removing } = each;
            if (--each.steps === 0) {
                Object.assign(each, {
                    replicas: replicas.filter((id) => !removing.includes(id)),
                    ...{ adding: [], removing: [] },
                });
            }
            return [{ ...split(name), replicas, adding, removing }];
        });
    }

    override async reassign(reassignments: readonly Reassignment[]): Promise<void> {
        for (const { topic, partition, replicas: wanted } of reassignments) {
            this.changes.push(`${topic}-${partition}: ${wanted.join()}`);
            const each = this.partitions.get(`${topic}-${partition}`);
            if (each) {
                const before = each.replicas.filter((id) => !each.adding.includes(id));
                const removing = before.filter((id) => !wanted.includes(id));
                const adding = wanted.filter((id) => !before.includes(id));
                Object.assign(each, {
                    replicas: [...wanted, ...removing],
                    adding,
                    removing,
                    steps: this.steps,
                });
            }
        }
        this.onReassign?.();
    }

    override async describeLogDirs(): Promise<ReadonlyMap<number, LogDir>> {
        const replicas = [
            ...[...this.partitions].flatMap(([name, each]) => each.replicas.map((id) => `${id} ${name}`)),
            ...this.strays,
        ];
        return new Map(
            this.up.map((id) => {
                const here = replicas.filter((each) => each.startsWith(`${id} `));
                const found = here.map((each) => {
                    const { topic, partition } = split(each.slice(`${id} `.length));
                    return { topic, partition, bytes: this.sizes[topic] ?? 0 };
                });
                return [id, { ...this.disk, replicas: found }];
            }),
        );
    }

    override async setThrottle(rate: number, partitions: readonly ThrottledPartition[]): Promise<void> {
        const moves = partitions.map(
            ({ topic, partition, from, to }) => `${topic}-${partition} ${from.join()} > ${to.join()}`,
        );
        this.changes.push(`throttle ${rate}: ${moves.join("; ")}`);
    }

    override async removeThrottle(): Promise<void> {
        this.changes.push("no throttle");
    }
}

/** The size of a StatefulSet, and whether a reassignment is noted; each change is one of that Kafka. */
export class FakeState implements BrokerState {
    brokers: number | undefined;
    pending = false;
    readonly #changes: string[];

    constructor(brokers: number | undefined, changes: string[]) {
        this.brokers = brokers;
        this.#changes = changes;
    }

    readonly open = async (): Promise<BrokerState> => this;

    async currentBrokers(): Promise<number | undefined> {
        return this.brokers;
    }

    async beginReassignment(): Promise<void> {
        this.#changes.push("begin");
        this.pending = true;
    }

    async isReassignmentPending(): Promise<boolean> {
        return this.pending;
    }

    async endReassignment(): Promise<void> {
        this.#changes.push("end");
        this.pending = false;
    }
}

function split(name: string): { topic: string; partition: number } {
    const dash = name.lastIndexOf("-");
    return { topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)) };
}
