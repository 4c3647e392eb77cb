import assert from "node:assert/strict";
import { ReassignmentProgress } from "../../provider/actions/reassignment/progress.ts";
import { brokerDecommission } from "../../provider/handlers/brokerDecommission.ts";
import { partitionReassignment } from "../../provider/handlers/partitionReassignment.ts";
import { sharedKafka } from "../../provider/kafkaConnection.ts";
import { KafkaFailure } from "../../provider/kafkaFailure.ts";
import type { ReassignmentInputs } from "../../provider/resources/partitionReassignment.ts";
import { FakeState, MovingKafka } from "./fakeReassignments.ts";

const THREE = {
    orders: [
        [0, 1, 2],
        [1, 2, 0],
        [2, 0, 1],
    ],
};
const FIVE = {
    orders: [
        [0, 1, 2],
        [3, 4, 0],
        [1, 2, 3],
        [4, 0, 1],
    ],
    notes: [[2, 3, 4]],
};

const inputs = (brokers: number, verify = true): ReassignmentInputs => ({
    ...{ cluster: { context: "here" }, namespace: "unity-blue", project: "blue", brokers },
    ...{ replicationFactor: 3, throttle: 30e6, timeout: 320, verify },
});

/** Handlers over a Kafka in memory, without a wait. */
function handlers(kafka: MovingKafka, state: FakeState) {
    const said: string[] = [];
    const canceled = new AbortController();
    const context = {
        info: (line: string) => said.push(line),
        warn: (line: string) => said.push(`warning: ${line}`),
        signal: canceled.signal,
    };
    return {
        ...{ said, canceled, context },
        decommission: brokerDecommission(kafka.connect, state.open, 0),
        reassignment: partitionReassignment(kafka.connect, state.open, 0),
    };
}

const times = (lines: readonly string[]) => lines.map((line) => line.replace(/after \d+ s$/, "after N s"));

describe("brokers that leave", () => {
    it("are emptied within the throttle before, and their PVCs are kept", async () => {
        const kafka = new MovingKafka(5, FIVE);
        kafka.sizes.orders = 2e9;
        const state = new FakeState(5, kafka.changes);
        const { decommission, context, said } = handlers(kafka, state);
        await decommission.update(inputs(5), inputs(3), context);
        assert.deepEqual(kafka.assignment, {
            "orders-0": [0, 1, 2],
            "orders-1": [1, 0, 2],
            "orders-2": [1, 2, 0],
            "orders-3": [0, 1, 2],
            "notes-0": [2, 0, 1],
        });
        assert.deepEqual(kafka.changes, [
            "begin",
            "throttle 30000000: orders-1 3,4,0 > 1,2; orders-2 1,2,3 > 0; orders-3 4,0,1 > 2; notes-0 2,3,4 > 0,1",
            "orders-1: 1,0,2",
            "orders-2: 1,2,0",
            "orders-3: 0,1,2",
            "notes-0: 2,0,1",
            "no throttle",
        ]);
        assert.deepEqual(times(said), [
            "blue/kafka: moves 6 replicas of 4 partitions (8.0 GB, at most 30.0 MB/s for each broker): kafka-3, kafka-4 leave",
            "blue/kafka: kafka-3, kafka-4 are empty, after N s",
            "blue/kafka: the PVCs of kafka-3, kafka-4 are kept. When you no longer need them: kubectl -n unity-blue delete pvc data-kafka-3 data-kafka-4",
        ]);
        assert(state.pending);
    });
    it("are none where there is no StatefulSet, or it has the right size; one that grows is noted", async () => {
        for (const [current, expected] of [
            [undefined, []],
            [3, []],
            [1, ["begin"]],
        ] as const) {
            const kafka = new MovingKafka(3, THREE);
            const { decommission, context } = handlers(kafka, new FakeState(current, kafka.changes));
            await decommission.create(inputs(3), context);
            assert.deepEqual(kafka.changes, expected);
        }
    });

    it("are emptied also where the state knows nothing of them, and where the refresh has found more", async () => {
        const kafka = new MovingKafka(5, FIVE);
        const state = new FakeState(5, kafka.changes);
        const { decommission, context } = handlers(kafka, state);
        const refreshed = await decommission.read(inputs(3), context);
        assert.equal(refreshed.brokers, 5);
        assert.equal((await decommission.diff(refreshed, inputs(3), context)).changes, true);
        await decommission.create(inputs(3), context);
        assert(
            Object.values(kafka.assignment)
                .flat()
                .every((id) => id < 3),
        );
    });

    it("are gone on with after an end, from what moves already", async () => {
        const kafka = new MovingKafka(5, { orders: [[0, 1, 3]] });
        const state = new FakeState(5, kafka.changes);
        await kafka.reassign([{ topic: "orders", partition: 0, replicas: [0, 1, 2] }]);
        kafka.partitions.get("orders-0")!.steps = 6;
        kafka.changes.length = 0;
        const { decommission, context } = handlers(kafka, state);
        await decommission.update(inputs(5), inputs(3), context);
        assert.deepEqual(kafka.assignment, { "orders-0": [0, 1, 2] });
        assert.deepEqual(kafka.changes, ["begin", "throttle 30000000: orders-0 0,1,3 > 2", "no throttle"]);
    });

    it("are emptied of topics that are created meanwhile, and wait for none that is deleted", async () => {
        const kafka = new MovingKafka(5, { orders: [[0, 1, 3]], deleted: [[0, 1, 4]] });
        const { decommission, context } = handlers(kafka, new FakeState(5, kafka.changes));
        kafka.onReassign = () => {
            kafka.onReassign = undefined;
            kafka.partitions.delete("deleted-0");
            kafka.partitions.set("created-0", { replicas: [3, 4], adding: [], removing: [], steps: 0 });
        };
        await decommission.update(inputs(5), inputs(3), context);
        assert.deepEqual(Object.keys(kafka.assignment), ["orders-0", "created-0"]);
        assert(
            Object.values(kafka.assignment)
                .flat()
                .every((id) => id < 3),
        );
    });

    it("give Kafka's own topics the replication factor of config, and no other topic another", async () => {
        const kafka = new MovingKafka(5, { __consumer_offsets: [[0, 1, 2, 3, 4]], notes: [[1]] });
        const { decommission, context } = handlers(kafka, new FakeState(5, kafka.changes));
        await decommission.update(inputs(5), inputs(3), context);
        assert.deepEqual(kafka.assignment, { "__consumer_offsets-0": [0, 1, 2], "notes-0": [1] });
    });

    it("move some partitions at a time", async () => {
        const kafka = new MovingKafka(5, { many: Array.from({ length: 120 }, () => [3, 0, 1]) });
        let most = 0;
        kafka.onReassign = () => {
            const moving = [...kafka.partitions.values()].filter(({ steps }) => steps > 0);
            most = Math.max(most, moving.length);
        };
        const { decommission, context } = handlers(kafka, new FakeState(5, kafka.changes));
        await decommission.update(inputs(5), inputs(3), context);
        assert.equal(most, 50);
        assert(
            Object.values(kafka.assignment)
                .flat()
                .every((id) => id < 3),
        );
    });

    const WIDE =
        "kafka.brokers of Project blue cannot become 3: topics have more replicas than that: odd (4), wide (5). Lower their replicationFactor before, with an up of its own; where config does not name a topic, delete it or use kafka-reassign-partitions";

    it("are refused with the topics that have more replicas than brokers remain, by the preview and by the up", async () => {
        const kafka = new MovingKafka(5, { ...FIVE, wide: [[0, 1, 2, 3, 4]], odd: [[0, 1, 2, 3]] });
        const { decommission, context } = handlers(kafka, new FakeState(5, kafka.changes));
        assert.deepEqual((await decommission.check(inputs(3), inputs(5))).failures, [
            { property: "brokers", reason: WIDE },
        ]);
        await assert.rejects(decommission.update(inputs(5), inputs(3), context), {
            message: `the reassignment of partitions of Project blue does not go on: ${WIDE}`,
        });
        assert.deepEqual(kafka.changes, []);
    });

    it("are refused where the disks that remain would be too full", async () => {
        const kafka = new MovingKafka(5, FIVE);
        kafka.sizes.orders = 33e9;
        kafka.sizes.notes = 1e9;
        const { decommission } = handlers(kafka, new FakeState(5, kafka.changes));
        assert.deepEqual((await decommission.check(inputs(3), inputs(5))).failures, [
            {
                property: "brokers",
                reason: "kafka-2 of Project blue has too little disk for the replicas that would move there: 66.0 GB, most of them of orders, with 80.0 GB of 100 GB free, of which 15 % are to stay free. Raise kafka.disk.size before, with an up of its own",
            },
        ]);
    });

    it("let a preview pass that does not reach Kafka, and one without fewer brokers does not try", async () => {
        let asked = 0;
        const decommission = brokerDecommission(async () => {
            asked++;
            throw new KafkaFailure("unavailable", "no answer");
        });
        for (const [now, old] of [
            [5, 3],
            [3, 3],
            [3, undefined],
        ] as const) {
            const former = old === undefined ? undefined : inputs(old);
            assert.deepEqual((await decommission.check(inputs(now), former)).failures, []);
        }
        assert.equal(asked, 0);
        assert.deepEqual((await decommission.check(inputs(3), inputs(5))).failures, []);
        assert.equal(asked, 1);
    });

    it("are not emptied while one that stays is down, a partition has no leader, or Kafka does not know the operator", async () => {
        const failing = async (kafka: MovingKafka) => {
            const { decommission, context } = handlers(kafka, new FakeState(5, kafka.changes));
            let failure = "";
            await decommission
                .update(inputs(5), inputs(3), context)
                .catch(({ message }: Error) => (failure = message));
            assert.deepEqual(kafka.changes, []);
            return failure.replace("the reassignment of partitions of Project blue does not go on: ", "");
        };
        const down = new MovingKafka(5, FIVE);
        down.up = [0, 2, 3, 4];
        assert.equal(await failing(down), "kafka-1 is down");
        const offline = new MovingKafka(5, { lonely: [[4]] });
        offline.up = [0, 1, 2, 3];
        assert.equal(await failing(offline), "partitions have no leader: lonely-0");
        const ignorant = new MovingKafka(5, FIVE);
        ignorant.mayAlter = false;
        assert.match(await failing(ignorant), /^kafka-0 was started with other super users/);
    });

    it("are warned of where they are down, as replicas stay on their disks", async () => {
        const kafka = new MovingKafka(5, FIVE);
        kafka.up = [0, 1, 2, 3];
        const { decommission, context, said } = handlers(kafka, new FakeState(5, kafka.changes));
        await decommission.update(inputs(5), inputs(3), context);
        assert.equal(
            said[0],
            "warning: kafka-4 of Project blue: down, so replicas may stay on the disk. Delete its PVC before kafka.brokers is raised again: kubectl -n unity-blue delete pvc data-kafka-4",
        );
        assert(
            Object.values(kafka.assignment)
                .flat()
                .every((id) => id < 3),
        );
    });

    it("leave only when they have deleted what has moved", async () => {
        const kafka = new MovingKafka(5, FIVE);
        kafka.strays.add("4 orders-7");
        const { decommission, context } = handlers(kafka, new FakeState(5, kafka.changes));
        await assert.rejects(decommission.update(inputs(5), inputs(3), context), {
            message:
                "the reassignment of partitions of Project blue does not go on: kafka-4 has still to delete replicas that have moved",
        });
    });

    it("end with the up, within a second", async () => {
        const kafka = new MovingKafka(5, FIVE);
        kafka.steps = 1e9;
        const { decommission, context, canceled } = handlers(kafka, new FakeState(5, kafka.changes));
        kafka.onReassign = () => setTimeout(() => canceled.abort(new Error("the up was ended")), 20);
        const begun = performance.now();
        await assert.rejects(decommission.update(inputs(5), inputs(3), context), {
            message: "the reassignment of partitions of Project blue: the up was ended",
        });
        assert(performance.now() - begun < 1000);
    });

    it("are told of by the preview, which does not look", async () => {
        const state = new FakeState(5, []);
        state.currentBrokers = () => assert.fail("nobody looks");
        const { decommission, context, said } = handlers(new MovingKafka(0, {}), state);
        const diff = (now: ReassignmentInputs) => decommission.diff(inputs(5, false), now, context);
        assert.deepEqual(await diff(inputs(3, false)), { changes: true, replaces: [] });
        assert.deepEqual(await diff(inputs(5, false)), { changes: false, replaces: [] });
        assert.deepEqual(await diff({ ...inputs(5, false), throttle: 1 }), { changes: false, replaces: [] });
        assert.deepEqual(said, [
            "Project blue: the replicas of brokers that leave move to the others before, at most 30.0 MB/s for each broker",
        ]);
    });

    it("are looked for by every up: one that ended after they were empty has left them where topics are created", async () => {
        const state = new FakeState(5, []);
        const { decommission, context } = handlers(new MovingKafka(0, {}), state);
        const changes = async () => (await decommission.diff(inputs(3), inputs(3), context)).changes;
        assert.equal(await changes(), true);
        for (const brokers of [3, undefined]) {
            state.brokers = brokers;
            assert.equal(await changes(), false);
        }
        state.currentBrokers = () => Promise.reject(new Error("no answer"));
        assert.equal(await changes(), true);
    });

    it("are as the state says where a refresh cannot read the StatefulSet", async () => {
        const state = new FakeState(5, []);
        state.currentBrokers = () => Promise.reject(new Error("no answer"));
        const { decommission, context, said } = handlers(new MovingKafka(0, {}), state);
        const old = inputs(5);
        assert.equal(await decommission.read(old, context), old);
        assert.deepEqual(said, ["warning: the number of brokers is left as it is: no answer"]);
    });
});

describe("brokers that are new", () => {
    it("get their share of the partitions", async () => {
        const kafka = new MovingKafka(5, { orders: [...THREE.orders, [0, 2, 1], [1, 0, 2]] });
        const state = new FakeState(5, kafka.changes);
        state.pending = true;
        const { reassignment, context, said } = handlers(kafka, state);
        await reassignment.update(inputs(3), inputs(5), context);
        const counts = kafka.up.map((id) =>
            Object.values(kafka.assignment)
                .flat()
                .filter((one) => one === id),
        );
        assert.deepEqual(
            counts.map(({ length }) => length),
            [3, 3, 3, 3, 3],
        );
        assert.deepEqual(kafka.changes.slice(-2), ["no throttle", "end"]);
        assert.deepEqual(times(said), [
            "blue/kafka: moves 6 replicas of 3 partitions (0 B, at most 30.0 MB/s for each broker): there are 5 brokers",
            "blue/kafka: partitions are spread over 5 brokers, after N s",
        ]);
    });

    it("are none where the number of brokers stays: an older version of the program knew no reassignment", async () => {
        const kafka = new MovingKafka(5, THREE);
        const state = new FakeState(5, kafka.changes);
        const { reassignment, context } = handlers(kafka, state);
        await reassignment.create(inputs(5), context);
        await reassignment.update({ ...inputs(5), cluster: { context: "other" } }, inputs(5), context);
        assert.deepEqual(kafka.changes, []);
        state.pending = true;
        await reassignment.create(inputs(5), context);
        assert.deepEqual(kafka.changes.slice(-2), ["no throttle", "end"]);
    });

    it("are gone on with by an up, also where config goes back; a preview does not look", async () => {
        const kafka = new MovingKafka(5, THREE);
        const state = new FakeState(5, kafka.changes);
        const { reassignment, context } = handlers(kafka, state);
        const changes = async (verify: boolean) =>
            (await reassignment.diff(inputs(5), inputs(5, verify), context)).changes;
        assert.equal(await changes(true), false);
        state.pending = true;
        assert.equal(await changes(false), false);
        assert.equal(await changes(true), true);
        await reassignment.update(inputs(5), inputs(5), context);
        assert.equal(await changes(true), false);
        state.isReassignmentPending = () => Promise.reject(new Error("no answer"));
        assert.equal(await changes(true), true);
    });

    it("are told of by the preview", async () => {
        const { reassignment, context, said } = handlers(new MovingKafka(0, {}), new FakeState(3, []));
        const diff = await reassignment.diff(inputs(3), inputs(5, false), context);
        assert.deepEqual(diff, { changes: true, replaces: [] });
        assert.deepEqual(said, [
            "Project blue: replicas move onto the new brokers once these are up, at most 30.0 MB/s for each broker",
        ]);
    });

    it("get nothing while a disk of theirs has replicas of before", async () => {
        const kafka = new MovingKafka(5, THREE);
        kafka.strays.add("3 orders-0").add("3 gone-4");
        const state = new FakeState(5, kafka.changes);
        state.pending = true;
        const { reassignment, context } = handlers(kafka, state);
        await assert.rejects(reassignment.create(inputs(5), context), {
            message:
                "the reassignment of partitions of Project blue does not go on: kafka-3 of Project blue has come back with a disk that has replicas of before (orders-0, gone-4). Nothing else is on it; delete it: kubectl -n unity-blue delete pvc data-kafka-3 --wait=false && kubectl -n unity-blue delete pod kafka-3. Then run up again",
        });
        assert.deepEqual(kafka.changes, []);
        assert(state.pending);
    });
});

describe("brokers that have left", () => {
    it("are waited for before the rest is spread, as a topic that is created may still get one of them", async () => {
        const kafka = new MovingKafka(4, { orders: [[0, 1, 2]], late: [[0, 3]] });
        const connected: string[] = [];
        const retrying = sharedKafka(async () => ({
            admin: kafka,
            accessDenied: new AbortController().signal,
            close: async () => {
                connected.push("closed");
            },
        }));
        const state = new FakeState(3, kafka.changes);
        const { context } = handlers(kafka, state);
        const reassignment = partitionReassignment(retrying, state.open, 0);
        setTimeout(() => (kafka.up = [0, 1, 2]), 50);
        await reassignment.update(inputs(4), inputs(3), context);
        assert.deepEqual(kafka.assignment, { "orders-0": [0, 1, 2], "late-0": [1, 0] });
    });
});

describe("the progress of a reassignment", () => {
    const MINUTE = 60_000;
    const move = (partition: number) => ({
        ...{ topic: "orders", partition, replicas: [0, 3], from: [0, 1], to: [3], bytes: 1e9 },
    });
    const moves = [move(0), move(1), move(2)];
    let now: number;
    let said: string[];
    let progress: ReassignmentProgress;
    beforeEach(() => {
        now = 0;
        said = [];
        const context = {
            info: (line: string) => said.push(line),
            warn: assert.fail,
            signal: AbortSignal.any([]),
        };
        progress = new ReassignmentProgress(inputs(5), context as never, () => now);
        progress.begins(moves, "there are 5 brokers");
        said.length = 0;
        progress.next();
    });

    it("is told twice a minute, with the bytes that are left", () => {
        progress.observe(moves.slice(0, 2), 1);
        assert.equal(progress.isDue, false);
        now = MINUTE / 2;
        assert.equal(progress.isDue, true);
        progress.observe(moves.slice(0, 1), 1, 5e8);
        assert.equal(progress.isDue, false);
        assert.deepEqual(said, [
            "blue/kafka: 1 of 3 partitions reassigned, 500 MB of the next 1 partition left",
        ]);
    });

    it("ends after half an hour in which nothing has moved, and not while anything does", () => {
        for (const [minute, bytes] of [
            [0, 9e8],
            [25, 8e8],
            [50, 8e8],
        ] as const) {
            now = minute * MINUTE;
            progress.observe(moves, 0, bytes);
        }
        now = 56 * MINUTE;
        assert.throws(() => progress.observe(moves, 0, 8e8), {
            message:
                "for 30 min none of 3 partitions has moved any further (orders-0, orders-1, orders-2). Check that all brokers are up, raise kafka.reassignment.throttle above what producers write, and run up again",
        });
    });

    it("ends with the time that an up may take", () => {
        now = 320 * MINUTE;
        assert.throws(() => progress.observe(moves, 0, 1), {
            message:
                "the up takes 320 min already. What moves goes on by itself; run up again: it goes on from here",
        });
    });
});
