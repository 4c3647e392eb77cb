import assert from "node:assert/strict";
import type { V1Pod } from "@kubernetes/client-node";
import type { Metadata } from "../../kafka/admin/metadata.ts";
import { decide, type Membership, type Step } from "../../provider/actions/rolling/decide.ts";
import { kafkaMembership, replicasOf } from "../../provider/actions/rolling/kafkaMembership.ts";
import { Progress } from "../../provider/actions/rolling/progress.ts";
import { failureOf, type Server } from "../../provider/actions/rolling/servers.ts";
import { quorumOf } from "../../provider/actions/rolling/zookeeperMembership.ts";
import type { CallContext } from "../../provider/callContext.ts";
import { rollingUpdate } from "../../provider/handlers/rollingUpdate.ts";
import type { RollingUpdateInputs, RollingUpdateOutputs } from "../../provider/resources/rollingUpdate.ts";

/** What a server is, beside updated and Ready. */
type State = "outdated" | "unready" | "crashing" | "expired" | "missing" | "new";

function server(ordinal: number, ...states: State[]): Server {
    const is = (state: State) => states.includes(state);
    return {
        name: `s-${ordinal}`,
        ordinal,
        uid: is("missing") ? undefined : `uid-${ordinal}`,
        outdated: is("outdated"),
        ready: !(is("unready") || is("crashing") || is("missing")),
        runsFor: is("new") ? 59_999 : 60_000,
        expired: is("expired"),
        failure: is("crashing") ? { reason: "crashes", patience: 7 } : undefined,
    };
}

const healthy: Membership = {
    outage: undefined,
    last: "s-1",
    needed: () => undefined,
    takesPart: () => false,
};

/** The step as a line. */
async function step(
    servers: readonly Server[],
    membership: Membership | "not asked" = "not asked",
): Promise<string> {
    const next = await decide(servers, () => {
        assert(membership !== "not asked", "the servers are asked");
        return Promise.resolve(membership);
    });
    return next.kind === "restart"
        ? `${next.serving ? "evict" : "delete"} ${next.servers.map(({ name }) => name).join()} after ${next.settled}: ${next.why}`
        : next.kind === "wait"
          ? `wait: ${next.reason}${next.patience === undefined ? "" : ` (${next.patience})`}`
          : next.kind;
}

describe("the next step of a rolling update", () => {
    it("is none when every server is updated and Ready", async () => {
        assert.equal(await step([server(0), server(1), server(2)]), "done");
    });

    it("restarts healthy servers from the last ordinal on, and the leader or controller at the end", async () => {
        const all = [server(0, "outdated"), server(1, "outdated"), server(2, "outdated")];
        assert.equal(await step(all, healthy), "evict s-2 after 0: it is outdated");
        assert.equal(await step([all[0]!, all[1]!, server(2)], healthy), "evict s-0 after 0: it is outdated");
        assert.equal(
            await step([server(0), all[1]!, server(2)], healthy),
            "evict s-1 after 0: it is outdated",
        );
    });

    it("waits until the server before is Ready", async () => {
        const rest = [server(0, "outdated"), server(1, "outdated")];
        assert.equal(
            await step([...rest, server(2, "missing", "outdated")]),
            "wait: Kubernetes is replacing the pod of s-2",
        );
        assert.equal(await step([...rest, server(2, "unready")]), "wait: s-2 is not Ready");
    });

    it("asks servers that all run, none of them Ready, after a minute, and waits no longer than an election takes", async () => {
        const all = [server(0, "unready"), server(1, "unready"), server(2, "unready")];
        const undecided: Membership = { ...healthy, outage: "no quorum", last: undefined, patience: 5 };
        assert.equal(await step(all, undecided), "wait: no quorum (5)");
        assert.equal(
            await step([all[0]!, all[1]!, server(2, "unready", "new")]),
            "wait: s-0, s-1, s-2 are not Ready",
        );
        // Brokers may read their logs for long.
        const { patience: _none, ...reading } = undecided;
        assert.equal(await step(all, reading), "wait: s-0, s-1, s-2 are not Ready");
    });

    it("takes another where one is needed, and else waits and says why", async () => {
        const all = [server(0, "outdated"), server(1, "outdated"), server(2, "outdated")];
        const needed = (...names: string[]): Membership => ({
            ...healthy,
            needed: ({ name }) => (names.includes(name) ? "orders-0 counts on it" : undefined),
        });
        assert.equal(await step(all, needed("s-2")), "evict s-0 after 0: it is outdated");
        assert.equal(
            await step(all, needed("s-0", "s-2")),
            "wait: s-2 cannot be restarted: orders-0 counts on it",
        );
    });

    it("gives no other server a revision that does not start", async () => {
        const rest = [server(0, "outdated"), server(1, "outdated")];
        assert.equal(await step([...rest, server(2, "crashing")]), "wait: s-2 crashes (7)");
        // Not even one that is not Ready for a moment.
        const unready = server(0, "outdated", "unready");
        assert.equal(await step([unready, rest[1]!, server(2, "crashing")]), "wait: s-2 crashes (7)");
    });

    it("restarts servers that do not start at once and together, as in an ensemble without quorum", async () => {
        const all = [0, 1, 2].map((ordinal) => server(ordinal, "outdated", "crashing"));
        assert.equal(await step(all), "delete s-0,s-1,s-2 after 0: it crashes");
        const [first, ...others] = all as [Server, Server, Server];
        assert.equal(await step([server(0), server(1), others[1]!]), "delete s-2 after 0: it crashes");
        assert.equal(await step([first, server(1, "unready"), server(2)]), "delete s-0 after 0: it crashes");
    });

    it("restarts servers with an expired certificate together, Ready or not", async () => {
        const all = [0, 1, 2].map((ordinal) => server(ordinal, "outdated", "expired"));
        assert.equal(await step(all), "delete s-0,s-1,s-2 after 0: its certificate has expired");
    });

    it("restarts servers that run and serve nobody when that has lasted, and spares those that take part", async () => {
        const all = [0, 1, 2].map((ordinal) => server(ordinal, "outdated", "unready"));
        const outage = { ...healthy, outage: "no quorum", last: undefined };
        assert.equal(await step(all, outage), "delete s-0,s-1,s-2 after 15000: it serves nobody");
        const one = { ...healthy, takesPart: ({ name }: Server) => name === "s-2" };
        assert.equal(await step(all, one), "delete s-0,s-1 after 15000: it serves nobody");
        // It may be the last one in sync.
        const needed = { ...one, needed: () => "orders-0 counts on it" };
        assert.equal(
            await step([server(0), server(1), all[2]!], needed),
            "wait: s-2 cannot be restarted: orders-0 counts on it",
        );
    });

    it("does not touch servers that are Ready but cannot be asked", async () => {
        const all = [server(0, "outdated"), server(1, "outdated"), server(2, "outdated")];
        assert.equal(await step(all, { ...healthy, outage: "no answer" }), "wait: no answer");
    });
});

describe("the quorum of an ensemble", () => {
    const answers = (...modes: (string | undefined)[]) =>
        modes.map((mode, i) => ({
            server: `s-${i}`,
            answer:
                mode &&
                `Zookeeper version: 3.8.4\nLatency min/avg/max: 0/0/0\nMode: ${mode}\nNode count: 5\n`,
        }));

    it("lets a server go when all others are in sync, and names the leader as the last", () => {
        const quorum = quorumOf(answers("follower", "leader", "follower"), 3);
        assert.equal(quorum.outage, undefined);
        assert.equal(quorum.last, "s-1");
        assert.equal(quorum.needed(server(0)), undefined);
        assert.equal(quorum.needed(server(1)), undefined);
    });

    it("keeps a server while another is not in sync, in an ensemble of five too", () => {
        for (const modes of [
            ["follower", "leader", undefined],
            ["follower", "leader", "follower", "follower", undefined],
        ]) {
            const quorum = quorumOf(answers(...modes), modes.length);
            assert.equal(quorum.needed(server(0)), "1 of the others are not in sync");
            // The one that is not in sync itself is needed by nobody.
            assert.equal(quorum.needed(server(modes.length - 1)), undefined);
        }
    });

    it("counts no server that shuts down since the ensemble is smaller, not even as the leader", () => {
        const quorum = quorumOf(answers("follower", "follower", undefined, "leader", "follower"), 3);
        assert.equal(quorum.outage, "no quorum, 2 of 3 servers are in sync");
        assert.equal(quorum.last, undefined);
        assert.equal(quorum.needed(server(0)), "1 of the others are not in sync");
    });

    it("is lost without a leader", () => {
        const quorum = quorumOf(
            [{ server: "s-0", answer: "This ZooKeeper instance is not currently serving requests\n" }],
            3,
        );
        assert.equal(quorum.outage, "no quorum, 0 of 3 servers are in sync");
        assert.equal(quorum.patience, undefined);
        assert.equal(quorum.takesPart(server(0)), false);
    });

    it("is lost for good, as when disks were, where all servers run and none leads", () => {
        const answer = "This ZooKeeper instance is not currently serving requests\n";
        const looking = ["s-0", "s-1", "s-2"].map((name) => ({ server: name, answer }));
        const quorum = quorumOf(looking, 3);
        assert.equal(
            quorum.outage,
            'no quorum, 0 of 3 servers are in sync. Where the disks of a majority were lost, follow "An ensemble that has lost disks" in docs/troubleshooting.md',
        );
        assert.equal(quorum.patience, 180_000);
        // One that has still to read its data has not opened its port.
        const reading = quorumOf(
            [...looking.slice(0, 2), { server: "s-2", answer: undefined, error: "refused" }],
            3,
        );
        assert.deepEqual(
            [reading.outage, reading.patience],
            ["no quorum, 0 of 3 servers are in sync", undefined],
        );
    });
});

describe("the replicas of brokers", () => {
    const cluster = (
        inSync: number[],
        { replicas = [0, 1, 2], leader = 0, controller = 1, up = [0, 1, 2] } = {},
    ): Metadata => ({
        brokers: up.map((id) => ({ id, address: `${id}:9092`, rack: null })),
        controller,
        mayAlter: true,
        topics: [
            {
                name: "orders",
                error: 0,
                operations: 0,
                partitions: [{ partition: 0, leader, replicas, inSync }],
            },
        ],
    });
    const needed = (metadata: Metadata, ordinal: number, minInsync = 2) =>
        replicasOf(metadata, new Map([["orders", minInsync]])).needed(server(ordinal));
    const short = "1 partitions (orders-0) would have too few replicas in sync";

    it("let a broker go when enough others are in sync, and name the controller as the last", () => {
        assert.equal(needed(cluster([0, 1, 2]), 2), undefined);
        assert.equal(replicasOf(cluster([0, 1, 2]), new Map()).last, "kafka-1");
    });

    it("keep a broker without which a partition would fall below min.insync.replicas", () => {
        assert.equal(needed(cluster([0, 1]), 0), short);
        // It is not in sync itself, and the partition stays as it is.
        assert.equal(needed(cluster([0, 1]), 2), undefined);
        assert.equal(needed(cluster([0, 1]), 0, 1), undefined);
        assert.equal(needed(cluster([0]), 0, 1), short);
    });

    it("keep every broker while a partition has no leader, or the cluster no controller", () => {
        assert.equal(needed(cluster([2], { leader: -1 }), 0), "1 partitions (orders-0) have no leader");
        assert.equal(needed(cluster([0, 1, 2], { controller: -1 }), 0), "the cluster has no controller");
        assert.equal(
            needed(cluster([0, 1], { controller: 2, up: [0, 1] }), 0),
            "the cluster has no controller",
        );
    });

    it("are not believed where the broker that tells them does not know who asks", async () => {
        const asked = (mayAlter: boolean) =>
            kafkaMembership({
                metadata: async (by) => {
                    assert.equal(by, "controller");
                    return { ...cluster([0, 1, 2]), mayAlter, ...(!mayAlter && { topics: [] }) };
                },
                minInsyncReplicas: async () => new Map([["orders", 2]]),
            });
        assert.equal((await asked(true)).needed(server(2)), undefined);
        await assert.rejects(asked(false), {
            name: "ConnectionError",
            retriable: false,
            message:
                "kafka-1 was started with other super users and does not know the operator, so it does not tell which replicas are in sync",
        });
    });

    it("do not keep a broker for ever where all of them are required, and name the topics", () => {
        const { needed: neededBy, unavailable } = replicasOf(
            cluster([0, 1], { replicas: [0, 1] }),
            new Map([["orders", 2]]),
        );
        assert.equal(neededBy(server(0)), undefined);
        assert.equal(
            unavailable?.(server(0)),
            "no replica to spare: topics that cannot be written meanwhile are orders",
        );
        assert.equal(unavailable?.(server(2)), undefined);
        assert.equal(needed(cluster([0], { replicas: [0] }), 0), undefined);
        // But one of the others must be there.
        assert.equal(needed(cluster([0], { replicas: [0, 1] }), 0), short);
    });
});

describe("what keeps a server from starting", () => {
    const pod = (status: V1Pod["status"]): V1Pod => ({ metadata: { name: "kafka-2" }, status: status! });
    const container = (state: object, restartCount = 0, lastState = {}) =>
        pod({
            containerStatuses: [
                { name: "kafka", image: "i", imageID: "", ready: false, restartCount, state, lastState },
            ],
        });

    it("is named, with the time in which it may go away", () => {
        const message = "0/3 nodes are available";
        const unschedulable = { type: "PodScheduled", status: "False", reason: "Unschedulable", message };
        const ended = { exitCode: 1, reason: "Error" };
        const killed = { exitCode: 137, reason: "OOMKilled" };
        const killedAgain = "crashes again and again: exit code 137, OOMKilled (60 s)";
        const ago = (seconds: number) => new Date(Date.now() - 1000 * seconds);
        const cases: [V1Pod, string | undefined][] = [
            [pod({ conditions: [unschedulable] }), `is unschedulable: ${message} (600 s)`],
            [
                container({ waiting: { reason: "ImagePullBackOff", message: "not\nfound" } }),
                "does not start: ImagePullBackOff, not found (120 s)",
            ],
            [
                container({ waiting: { reason: "CrashLoopBackOff" } }, 1, { terminated: ended }),
                "crashes again and again: exit code 1, Error (60 s)",
            ],
            // It runs for a moment between two crashes.
            [container({ running: {} }, 2, { terminated: killed }), killedAgain],
            // One that runs for a minute has been killed before, for whatever reason.
            [container({ running: { startedAt: ago(59) } }, 2, { terminated: killed }), killedAgain],
            [container({ running: { startedAt: ago(61) } }, 2, { terminated: killed }), undefined],
            [container({ running: {} }, 1, { terminated: killed }), undefined],
            [container({ waiting: { reason: "ContainerCreating" } }), undefined],
            [pod({}), undefined],
        ];
        for (const [is, expected] of cases) {
            const failure = failureOf(is);
            assert.equal(failure && `${failure.reason} (${failure.patience / 1000} s)`, expected);
        }
    });
});

const inputs: RollingUpdateInputs = {
    cluster: { context: "here" },
    namespace: "unity-blue",
    project: "blue",
    statefulSet: "kafka",
    generation: 4,
    template: "a",
    diskSize: "10Gi",
    replicas: 3,
    timeout: 60,
    verify: false,
};

/** A context that writes down what the user is told. */
function listening(): { readonly told: string[]; readonly context: CallContext } {
    const told: string[] = [];
    const { signal } = new AbortController();
    const context = {
        info: (line: string) => void told.push(line),
        warn: (line: string) => void told.push(`warning: ${line}`),
        signal,
    };
    return { told, context };
}

describe("the progress of a rolling update", () => {
    const restart = (...ordinals: number[]): Step & { kind: "restart" } => ({
        kind: "restart",
        servers: ordinals.map((ordinal) => server(ordinal, "outdated")),
        why: "it is outdated",
        settled: 0,
        serving: true,
    });

    it("is told line by line, and measures how long a server takes", () => {
        let now = 0;
        const { told, context } = listening();
        const progress = new Progress(inputs, context, () => now);
        assert(progress.observe(restart(2)));
        progress.restarting({ ...restart(2), unavailable: "no replica to spare" });
        now = 40_000;
        progress.observe({ kind: "wait", reason: "s-2 is not Ready" });
        now = 80_000;
        progress.observe({ kind: "wait", reason: "s-2 is not Ready" });
        now = 90_000;
        progress.observe(restart(1));
        progress.restarting(restart(1));
        now = 100_000;
        assert.equal(progress.end(), 50);
        assert.deepEqual(told, [
            "blue/kafka: restarts s-2: it is outdated",
            "warning: s-2 of Project blue: no replica to spare",
            "blue/kafka: waiting for 40 s: s-2 is not Ready",
            "blue/kafka: s-2 Ready after 90 s",
            "blue/kafka: restarts s-1: it is outdated",
            "blue/kafka: s-1 Ready after 10 s",
        ]);
    });

    it("lets a restart wait until what leads to it has lasted", () => {
        let now = 0;
        const progress = new Progress(inputs, listening().context, () => now);
        const idle = { ...restart(2), settled: 15_000 };
        assert.equal(progress.observe(idle), false);
        now = 10_000;
        assert.equal(progress.observe({ kind: "wait", reason: "another" }), false);
        assert.equal(progress.observe(idle), false);
        now = 25_000;
        assert.equal(progress.observe(idle), true);
    });

    it("ends when the same thing was waited for too long, and says what to do", () => {
        let now = 0;
        const { told, context } = listening();
        const progress = new Progress(inputs, context, () => now);
        const crash: Step & { kind: "wait" } = {
            kind: "wait",
            reason: "s-2 crashes",
            subject: "s-2",
            patience: 60_000,
        };
        progress.observe(crash);
        assert.deepEqual(told, ["blue/kafka: s-2 crashes"]);
        now = 59_000;
        // Kubernetes calls it now this, now that.
        progress.observe({ ...crash, reason: "s-2 is about to crash" });
        now = 60_000;
        assert.throws(() => progress.observe(crash), {
            message:
                "s-2 crashes (for 60 s). Fix the cause and run up again; no pod needs to be deleted by hand",
        });
    });
});

describe("the resource of a rolling update", () => {
    const state: RollingUpdateInputs & RollingUpdateOutputs = { ...inputs, secondsPerServer: 13 };
    const diff = async (change: Partial<RollingUpdateInputs>) => {
        const { told, context } = listening();
        return { ...(await rollingUpdate.diff(state, { ...inputs, ...change }, context)), told };
    };

    it("says in a preview which servers restart, and how long that took the last time", async () => {
        assert.deepEqual(await diff({ template: "b", generation: 5 }), {
            changes: true,
            replaces: [],
            told: [
                "Project blue: the 3 servers of kafka restart one by one, about 39 s in all by the last time",
            ],
        });
        // A new certificate, for instance, is not known before the `up`.
        const unknown = await rollingUpdate.diff(
            { ...state, secondsPerServer: 60 },
            { ...inputs, template: undefined },
            { ...listening().context, info: (line) => assert.match(line, /about 3 min in all/) },
        );
        assert(unknown.changes);
    });

    it("restarts nothing by other changes", async () => {
        for (const change of [{ generation: 5 }, { diskSize: "20Gi" }, { replicas: 5 }]) {
            assert.deepEqual(await diff(change), { changes: true, replaces: [], told: [] });
        }
        assert.deepEqual(await diff({}), { changes: false, replaces: [], told: [] });
        assert.deepEqual(await diff({ statefulSet: "zookeeper" }), {
            changes: true,
            replaces: ["statefulSet"],
            told: [],
        });
    });

    it("never lets a disk shrink", () => {
        const failures = (before: string, diskSize: string) =>
            rollingUpdate.check({ ...inputs, diskSize }, { ...inputs, diskSize: before }).failures;
        assert.deepEqual(failures("10Gi", "11Gi"), []);
        assert.deepEqual(failures("1Ti", "1024Gi"), []);
        assert.deepEqual(failures("1Ti", "1000Gi"), [
            {
                property: "diskSize",
                reason: "disk.size of kafka of Project blue is 1Ti and cannot shrink to 1000Gi. Set it to 1Ti or more.",
            },
        ]);
    });
});
