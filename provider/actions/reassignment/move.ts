import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { CallContext } from "../../callContext.ts";
import type { InKafka } from "../../kafkaConnection.ts";
import type { ReassignmentInputs } from "../../resources/partitionReassignment.ts";
import { ReassignmentProgress } from "./progress.ts";
import { refusalOf, waitReason } from "./refusals.ts";
import { bytesLeft, isSame, type Move, type Survey, takeSurvey } from "./survey.ts";

/** A reassignment, and what it works with. */
export interface Work {
    readonly inputs: ReassignmentInputs;
    readonly inKafka: InKafka;
    readonly context: CallContext;
    /** Milliseconds from one look at Kafka to the next. Default: a second. */
    readonly interval?: number;
}

/** Partitions that move at the same time: the controller has no more to do at once, and no more goes on after an end. */
const BATCH = 50;
const INTERVAL = 1_000;

/**
 * Looks at all partitions, once all brokers are up.
 *
 * @param isReady throws where something else has to be waited for
 * @param limit longest wait, in milliseconds. Default: as long as any request
 * @throws KafkaFailure; Error where config has to change before
 */
export async function survey(
    { inputs, inKafka, interval }: Work,
    isReady: (found: Survey) => void = () => undefined,
    limit?: number,
): Promise<Survey> {
    const found = await inKafka(
        inputs,
        "reassign partitions",
        async (admin) => {
            const found = await takeSurvey(admin, inputs, interval);
            const reason = waitReason(inputs, found);
            if (reason !== undefined) {
                throw new Error(reason);
            }
            isReady(found);
            return found;
        },
        limit,
    );
    const refusal = refusalOf(inputs, found);
    if (refusal !== undefined) {
        throw new Error(refusal);
    }
    return found;
}

/**
 * Moves what has to move, some partitions at a time and within the throttle, until nothing has to: topics may be created
 * meanwhile. What moves already, since an `up` was ended, is waited for.
 *
 * @param why why it moves, for the user
 * @returns how it ends, to be told
 */
export async function moveReplicas(work: Work, first: Survey, why: string): Promise<ReassignmentProgress> {
    const { inputs, inKafka, context } = work;
    const progress = new ReassignmentProgress(inputs, context);
    let found = first;
    while (found.plan.length > 0 || found.ongoing.length > 0) {
        const { plan } = found;
        const ongoing = found.ongoing.filter((move) => !plan.some((other) => isSame(move, other)));
        const all = [...ongoing, ...plan];
        progress.begins(all, why);
        await inKafka(inputs, "throttle the replication", (admin) =>
            admin.setThrottle(
                inputs.throttle,
                all.filter(({ to }) => to.length > 0),
            ),
        );
        await untilMoved(work, progress, ongoing, plan.length);
        for (let begun = 0; begun < plan.length; begun += BATCH) {
            const batch = plan.slice(begun, begun + BATCH);
            await inKafka(inputs, "reassign partitions", (admin) => admin.reassign(batch));
            await untilMoved(work, progress, batch, plan.length - begun - batch.length);
        }
        found = await survey(work);
    }
    await inKafka(inputs, "remove the throttle of the replication", (admin) => admin.removeThrottle());
    return progress;
}

/** Waits until partitions have the replicas that they are to have, and no others. */
async function untilMoved(
    { inputs, inKafka, context, interval = INTERVAL }: Work,
    progress: ReassignmentProgress,
    moves: readonly Move[],
    waiting: number,
): Promise<void> {
    progress.next();
    for (let moving = moves; moving.length > 0; ) {
        await sleep(interval, undefined, { signal: context.signal });
        const what = "follow the reassignment of partitions";
        moving = await inKafka(inputs, what, async (admin) => {
            const ongoing = await admin.listReassignments();
            const { topics } = await admin.metadata("controller");
            return moves.filter((move) => {
                const now = topics
                    .find(({ name }) => name === move.topic)
                    ?.partitions.find(({ partition }) => partition === move.partition);
                return (
                    ongoing.some((one) => isSame(one, move)) ||
                    (now && !isDeepStrictEqual(now.replicas, move.replicas))
                );
            });
        });
        if (moving.length > 0) {
            const disks = progress.isDue && (await inKafka(inputs, what, (admin) => admin.describeLogDirs()));
            progress.observe(moving, waiting, disks ? bytesLeft(moving, disks) : undefined);
        }
    }
}
