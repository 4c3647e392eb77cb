/** Why partitions cannot be assigned to a number of brokers. */

import { firstOf, formatBytes } from "../../../common/format.ts";
import { KAFKA, PVC } from "../../../common/names.ts";
import type { ReassignmentInputs } from "../../resources/partitionReassignment.ts";
import { brokerName, bytesLeft, type Move, type Survey } from "./survey.ts";

/** Share of a disk that stays free: below it there is an alert. */
const FREE = 0.15;
const SHOWN = 5;

/** What config has to change before; undefined where nothing has to. */
export function refusalOf(inputs: ReassignmentInputs, survey: Survey): string | undefined {
    return tooManyReplicas(inputs, survey) ?? fullDisk(inputs, survey);
}

/** What has to be waited for; undefined where nothing has to. */
export function waitReason({ brokers }: ReassignmentInputs, { up, offline }: Survey): string | undefined {
    const down = Array.from({ length: brokers }, (_, id) => id).filter((id) => !up.includes(id));
    if (down.length > 0) {
        return `${namesOf(down)} ${down.length === 1 ? "is" : "are"} down`;
    }
    return offline.length > 0 ? `partitions have no leader: ${firstOf(offline)}` : undefined;
}

/**
 * Why no replica is moved onto a broker that has none yet: it has come back with the disk of one that was gone, with
 * replicas that may be those of a topic that was deleted since. Undefined where there is no such broker.
 */
export function formerDisk(
    { namespace, project }: ReassignmentInputs,
    { up, partitions, ongoing, disks }: Survey,
): string | undefined {
    const isUsed = (id: number) => [...partitions, ...ongoing].some(({ replicas }) => replicas.includes(id));
    const former = up.find((id) => !isUsed(id) && (disks.get(id)?.replicas.length ?? 0) > 0);
    if (former === undefined) {
        return undefined;
    }
    const name = brokerName(former);
    const found = disks.get(former)!.replicas.map(({ topic, partition }) => `${topic}-${partition}`);
    return `${name} of Project ${project} has come back with a disk that has replicas of before (${firstOf(found)}). Nothing else is on it; delete it: kubectl -n ${namespace} delete pvc ${PVC}-${name} --wait=false && kubectl -n ${namespace} delete pod ${name}. Then run up again`;
}

function tooManyReplicas(
    { project, brokers }: ReassignmentInputs,
    { partitions }: Survey,
): string | undefined {
    const factors = new Map<string, number>();
    for (const { topic, factor } of partitions) {
        if (factor > brokers) {
            factors.set(topic, Math.max(factor, factors.get(topic) ?? 0));
        }
    }
    if (factors.size === 0) {
        return undefined;
    }
    const named = firstOf([...factors].sort().map(([topic, factor]) => `${topic} (${factor})`));
    return `kafka.brokers of Project ${project} cannot become ${brokers}: topics have more replicas than that: ${named}. Lower their replicationFactor before, with an up of its own; where config does not name a topic, delete it or use kafka-reassign-partitions`;
}

function fullDisk({ project }: ReassignmentInputs, { plan, ongoing, disks }: Survey): string | undefined {
    for (const [id, { total, usable }] of disks) {
        const here = [...plan, ...ongoing]
            .filter(({ to }) => to.includes(id))
            .map((move) => ({ ...move, to: [id] }));
        const needed = bytesLeft(here, disks);
        if (needed > 0 && usable - needed < FREE * total) {
            const largest = byTopic(here).slice(0, SHOWN).join(", ");
            return `${brokerName(id)} of Project ${project} has too little disk for the replicas that would move there: ${formatBytes(needed)}, most of them of ${largest}, with ${formatBytes(usable)} of ${formatBytes(total)} free, of which ${FREE * 100} % are to stay free. Raise ${KAFKA.name}.disk.size before, with an up of its own`;
        }
    }
    return undefined;
}

/** Names of topics, the largest first. */
function byTopic(moves: readonly Move[]): string[] {
    const sizes = new Map<string, number>();
    for (const { topic, bytes } of moves) {
        sizes.set(topic, (sizes.get(topic) ?? 0) + bytes);
    }
    return [...sizes].sort(([, one], [, other]) => other - one).map(([topic]) => topic);
}

export function namesOf(ids: readonly number[]): string {
    return ids.map(brokerName).join(", ");
}
