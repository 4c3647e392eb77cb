/** How the partitions of a Kafka are assigned, and what has to move so that they fit a number of brokers. */
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { KAFKA } from "../../../common/names.ts";
import type { LogDir } from "../../../kafka/admin/logDirs.ts";
import type { Metadata } from "../../../kafka/admin/metadata.ts";
import {
    type Partition,
    planReassignment,
    type Reassignment,
} from "../../../kafka/admin/reassignmentPlan.ts";
import type { OngoingReassignment } from "../../../kafka/admin/reassignments.ts";
import type { KafkaApi } from "../../kafkaConnection.ts";
import type { ReassignmentInputs } from "../../resources/partitionReassignment.ts";
import { assertOperatorKnown } from "../operatorKnown.ts";

/** A partition that is, or is to be, reassigned. */
export interface Move extends Reassignment {
    /** Brokers that have it now. */
    readonly from: readonly number[];
    /** Brokers that get it. */
    readonly to: readonly number[];
    /** Size of a replica. */
    readonly bytes: number;
}

export interface Survey {
    /** Ids of the brokers that are up. */
    readonly up: readonly number[];
    readonly partitions: readonly Partition[];
    /** Those that have no leader, as `orders-0`. */
    readonly offline: readonly string[];
    /** What moves already, and where it ends. */
    readonly ongoing: readonly Move[];
    /** What has to move besides. None where some topic has too many replicas for the brokers. */
    readonly plan: readonly Move[];
    /** By the id of the broker. */
    readonly disks: ReadonlyMap<number, LogDir>;
}

/** Topics of Kafka's own, which no config names: they have as many replicas as config has for others. */
const INTERNAL: ReadonlySet<string> = new Set(["__consumer_offsets", "__transaction_state"]);
/** Time in which a broker hears of the end of a reassignment, in milliseconds. */
const SETTLING = 1_000;

type TopicPartition = Pick<Reassignment, "topic" | "partition">;

/** Whether two are about the same partition. */
export const isSame = (one: TopicPartition, other: TopicPartition): boolean =>
    one.topic === other.topic && one.partition === other.partition;

export const brokerName = (id: number): string => `${KAFKA.name}-${id}`;

/**
 * Looks at all partitions, and plans what has to move.
 *
 * @param settling milliseconds in which assignments must stay the same, or they are looked at again
 * @throws ConnectionError where Kafka does not know the operator
 */
export async function takeSurvey(
    admin: KafkaApi,
    { brokers: count, replicationFactor }: Pick<ReassignmentInputs, "brokers" | "replicationFactor">,
    settling = SETTLING,
): Promise<Survey> {
    const { metadata, ongoing } = await readAssignments(admin, settling);
    const disks = await admin.describeLogDirs();
    const { brokers, topics } = metadata;
    const assigned = topics.flatMap(({ name: topic, partitions }) =>
        partitions.map((each) => ({ ...each, topic })),
    );
    const partitions = assigned.map(({ topic, partition, replicas: all }): Partition => {
        const moving = ongoing.find((one) => isSame(one, { topic, partition }));
        const replicas = all.filter((id) => moving?.removing.includes(id) !== true);
        return {
            topic,
            partition,
            replicas,
            factor: INTERNAL.has(topic) ? replicationFactor : replicas.length,
        };
    });
    const targets = brokers.filter(({ id }) => id < count);
    const isPossible = partitions.every(({ factor }) => factor <= targets.length);
    const moveOf = (to: Reassignment, from: readonly number[]): Move => ({
        ...to,
        from,
        to: to.replicas.filter((id) => !from.includes(id)),
        bytes: Math.max(0, ...from.map((id) => sizeOn(disks, id, to))),
    });
    return {
        up: brokers.map(({ id }) => id),
        partitions,
        offline: assigned
            .filter(({ leader }) => leader < 0)
            .map(({ topic, partition }) => `${topic}-${partition}`),
        ongoing: ongoing.map(({ topic, partition, replicas, adding, removing }) => {
            const target = replicas.filter((id) => !removing.includes(id));
            return moveOf(
                { topic, partition, replicas: target },
                replicas.filter((id) => !adding.includes(id)),
            );
        }),
        plan: (isPossible ? planReassignment(partitions, targets) : []).map((wanted) => {
            const now = partitions.find((one) => isSame(one, wanted));
            return moveOf(wanted, now?.replicas ?? []);
        }),
        disks,
    };
}

/** Bytes of these moves that have still to be copied. */
export function bytesLeft(moves: readonly Move[], disks: Survey["disks"]): number {
    return moves
        .flatMap((move) => move.to.map((id) => Math.max(0, move.bytes - sizeOn(disks, id, move))))
        .reduce((sum, bytes) => sum + bytes, 0);
}

function sizeOn(disks: Survey["disks"], id: number, of: TopicPartition): number {
    return disks.get(id)?.replicas.find((one) => isSame(one, of))?.bytes ?? 0;
}

/**
 * The assignments, and those that are changing. The controller tells at once that a reassignment has ended, and brokers a
 * moment later that the former replicas are none any more: counted as such, they would be kept.
 */
async function readAssignments(
    admin: KafkaApi,
    settling: number,
): Promise<{ readonly metadata: Metadata; readonly ongoing: readonly OngoingReassignment[] }> {
    for (;;) {
        // In this order: one that ends meanwhile is known, with what it removes.
        const before = await admin.listReassignments();
        const first = await admin.metadata("controller");
        assertOperatorKnown(first);
        await sleep(settling);
        const after = await admin.listReassignments();
        const metadata = await admin.metadata("controller");
        assertOperatorKnown(metadata);
        const ongoing = [...after, ...before.filter((one) => !after.some((other) => isSame(one, other)))];
        if (isDeepStrictEqual(replicasBeside(ongoing, first), replicasBeside(ongoing, metadata))) {
            return { metadata, ongoing };
        }
    }
}

function replicasBeside(ongoing: readonly OngoingReassignment[], { topics }: Metadata): object[] {
    return topics.flatMap(({ name: topic, partitions }) =>
        partitions
            .filter(({ partition }) => !ongoing.some((one) => isSame(one, { topic, partition })))
            .map(({ partition, replicas }) => ({ topic, partition, replicas })),
    );
}
