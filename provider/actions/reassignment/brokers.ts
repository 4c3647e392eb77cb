/** What is done before and after a StatefulSet of brokers gets another size. */
import { unlessAborted } from "../../../common/abort.ts";
import { PVC } from "../../../common/names.ts";
import { lineOf, reasonOf } from "../../../kafka/errors.ts";
import { moveReplicas, survey, type Work } from "./move.ts";
import { formerDisk, namesOf } from "./refusals.ts";
import { brokerName, type Survey } from "./survey.ts";

/** Longest that brokers without replicas may take to shut down, in milliseconds. */
const SHUTDOWN = 5 * 60_000;

/**
 * Moves all replicas off the brokers that are to leave, while these run.
 *
 * @param from brokers that there are
 * @param begin takes note of it, after all that may refuse it and before the first replica moves
 * @throws Error of one line that ends in the next step, when it does not go on, or was ended
 */
export function emptyBrokers(work: Work, from: number, begin: () => Promise<void>): Promise<void> {
    const { inputs, inKafka, context } = work;
    const { namespace, project, brokers } = inputs;
    const leaving = Array.from({ length: from - brokers }, (_, index) => brokers + index);
    const names = namesOf(leaving);
    return saying(work, async () => {
        const found = await survey(work);
        const down = leaving.filter((id) => !found.up.includes(id));
        if (down.length > 0) {
            context.warn(
                `${namesOf(down)} of Project ${project}: down, so replicas may stay on the disk. Delete its PVC before kafka.brokers is raised again: ${deletion(namespace, down)}`,
            );
        }
        await begin();
        const progress = await moveReplicas(
            work,
            found,
            `${names} ${leaving.length === 1 ? "leaves" : "leave"}`,
        );
        await inKafka(inputs, `empty ${names}`, async (admin) => {
            const disks = await admin.describeLogDirs();
            const used = leaving.filter((id) => (disks.get(id)?.replicas.length ?? 0) > 0);
            if (used.length > 0) {
                throw new Error(`${namesOf(used)} has still to delete replicas that have moved`);
            }
        });
        progress.ends(`${names} ${leaving.length === 1 ? "is" : "are"} empty`);
        context.info(
            `${project}/kafka: the PVCs of ${names} are kept. When you no longer need them: ${deletion(namespace, leaving)}`,
        );
    });
}

/**
 * Spreads all partitions over the brokers, once those are up and all others have left.
 *
 * @throws Error of one line that ends in the next step, when it does not go on, or was ended
 */
export function spreadPartitions(work: Work): Promise<void> {
    const { brokers } = work.inputs;
    return saying(work, async () => {
        const found = await survey(work, (each) => assertLeft(each, brokers), SHUTDOWN);
        const former = formerDisk(work.inputs, found);
        if (former !== undefined) {
            throw new Error(former);
        }
        const progress = await moveReplicas(work, found, `there are ${brokers} brokers`);
        progress.ends(`partitions are spread over ${brokers} brokers`);
    });
}

/** @throws Error where brokers of before have not left */
function assertLeft({ up }: Survey, brokers: number): void {
    const others = up.filter((id) => id >= brokers);
    if (others.length > 0) {
        throw new Error(`${namesOf(others)} ${others.length === 1 ? "has" : "have"} not shut down`);
    }
}

function deletion(namespace: string, brokers: readonly number[]): string {
    return `kubectl -n ${namespace} delete pvc ${brokers.map((id) => `${PVC}-${brokerName(id)}`).join(" ")}`;
}

/** Ends with the `up`, and says what has failed. */
async function saying({ inputs, context }: Work, act: () => Promise<void>): Promise<void> {
    try {
        await unlessAborted(act(), context.signal);
    } catch (error) {
        const what = `the reassignment of partitions of Project ${inputs.project}`;
        if (context.signal.aborted) {
            throw new Error(`${what}: ${reasonOf(context.signal.reason)}`);
        }
        throw new Error(`${what} does not go on: ${lineOf(error)}`, { cause: error });
    }
}
