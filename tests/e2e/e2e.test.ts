import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { CommandError } from "../../local/exec.ts";
import { kubeconfigPath, root } from "../../local/paths.ts";
import { cutNode, findNode, reconnectNode, startNode, stopNode } from "../../local/platform/faults.ts";
import {
    connect,
    inPod,
    isReady,
    type Kubernetes,
    kafkaTool,
    killJava,
    metric,
    metrics,
    pods,
    restarts,
    until,
    untilReady,
} from "./cluster.ts";
import { ensureLocal, leaveLocal } from "./platform.ts";
import {
    changeConfig,
    createStack,
    namespaceOf,
    outputs,
    PROJECTS,
    preview,
    pulumi,
    removeStack,
    resetConfig,
} from "./stack.ts";

const SAMPLE = join(root, "samples/new-york-weather-2013.csv");
const LINES = 26_116;
const BOOTSTRAP = ["--bootstrap-server", "kafka-bootstrap:9092"];

interface Transfer {
    records: number;
    missing: number;
    reordered: number;
    duplicated: number;
    changed: number;
    verified: boolean;
}

/** Sends a file through a Project's Kafka by the command that people use. */
async function send(namespace: string, file: string): Promise<Transfer> {
    const args = ["--local", "--namespace", namespace, "-o", "json", file];
    const { stdout } = await promisify(execFile)(join(root, "cli/unity"), args);
    return JSON.parse(stdout) as Transfer;
}

const allArrived = (records: number): Transfer => ({
    records,
    missing: 0,
    duplicated: 0,
    changed: 0,
    reordered: 0,
    verified: true,
});

/** What counts of a transfer: rates and times differ. */
function outcome(transfer: Transfer): Transfer {
    const { records, missing, duplicated, changed, reordered, verified } = transfer;
    return { records, missing, duplicated, changed, reordered, verified };
}

async function zookeeperLeader(k: Kubernetes, namespace: string): Promise<string> {
    const states = await Promise.all(
        (await pods(k, namespace, "zookeeper")).map(async ({ metadata }) => {
            const answer = await inPod(k, namespace, metadata!.name!, [
                "sh",
                "-c",
                "echo srvr | nc 127.0.0.1 2181",
            ]);
            return [metadata!.name!, /^Mode: (\w+)/m.exec(answer)?.[1]] as const;
        }),
    );
    const leaders = states.filter(([, mode]) => mode === "leader");
    assert.equal(leaders.length, 1, `one leader among ${JSON.stringify(states)}`);
    return leaders[0]![0];
}

describe("two Projects on the embedded platform", function () {
    this.timeout("10m");
    this.bail(true);
    let k: Kubernetes;
    let destroyed = false;

    before(async function () {
        // A new machine builds the tools first.
        this.timeout("60m");
        await ensureLocal();
        k = connect();
        await createStack();
    });

    after(async () => {
        if (destroyed) {
            await removeStack();
            await leaveLocal();
        } else {
            console.log(
                "All is left as it is, to be looked at: logs are in .unity/log, `npm run down` removes it.",
            );
        }
    });

    it("are deployed by one `pulumi up`", async () => {
        await pulumi("up", "--yes", "--skip-preview");
        for (const project of PROJECTS) {
            await untilReady(k, namespaceOf(project), "zookeeper", 3);
            await untilReady(k, namespaceOf(project), "kafka", 3);
            for (const pod of await pods(k, namespaceOf(project)))
                assert.equal(restarts(pod), 0, pod.metadata?.name);
        }
    });

    it("tell an operator their namespace, their address and how to connect from outside", async () => {
        const expected = (namespace: string) => ({
            namespace,
            bootstrap: `kafka-bootstrap.${namespace}.svc.cluster.local:9092`,
            fromOutside: `unity --local --namespace ${namespace} FILENAME`,
        });
        assert.deepEqual(await outputs(), {
            projects: { blue: expected("e2e-blue"), green: expected("e2e-green") },
        });
    });

    it("have each server of a set on a host and in a zone of its own", async () => {
        const { items } = await k.core.listNode();
        const zoneOf = new Map(
            items.map(({ metadata }) => [metadata?.name, metadata?.labels?.["topology.kubernetes.io/zone"]]),
        );
        for (const project of PROJECTS)
            for (const set of ["zookeeper", "kafka"]) {
                const hosts = (await pods(k, namespaceOf(project), set)).map(({ spec }) => spec?.nodeName);
                assert.equal(new Set(hosts).size, 3, `${set} of ${project} on ${hosts.join()}`);
                const zones = hosts.map((host) => zoneOf.get(host));
                assert.deepEqual(zones.sort(), ["zone-a", "zone-b", "zone-c"], `${set} of ${project}`);
            }
    });

    it("run every ZooKeeper setting that config gives them", async () => {
        const blue = await metrics(k, "e2e-blue", "zookeeper-1");
        const green = await metrics(k, "e2e-green", "zookeeper-1");
        // Green differs from what ZooKeeper does by itself in every one of them.
        const settings: [name: string, blue: number, green: number][] = [
            ["zookeeper_ticktime", 2000, 1500],
            ["zookeeper_initlimit", 10, 12],
            ["zookeeper_synclimit", 5, 6],
            ["zookeeper_minsessiontimeout", 4000, 4500],
            ["zookeeper_maxsessiontimeout", 40_000, 45_000],
            ["zookeeper_maxclientcnxnsperhost", 60, 50],
            ["zookeeper_quorumsize", 3, 3],
            ['jvm_memory_max_bytes{area="heap"}', 128 * 1024 ** 2, 128 * 1024 ** 2],
        ];
        for (const [name, inBlue, inGreen] of settings) {
            assert.equal(blue.get(name), inBlue, name);
            assert.equal(green.get(name), inGreen, name);
        }
    });

    it("purge ZooKeeper's snapshots as config says, and log at its level", async () => {
        // What no command shows is in the server's own words at its start.
        const log = await k.core.readNamespacedPodLog({ namespace: "e2e-blue", name: "zookeeper-1" });
        assert.match(log, / INFO autopurge\.snapRetainCount set to 3 \(.*DatadirCleanupManager\)$/m);
        assert.match(log, / INFO autopurge\.purgeInterval set to 1 \(.*DatadirCleanupManager\)$/m);
        assert.match(log, / INFO Purge task completed\. /);
        // Green says nothing of it at WARN; its server tells its settings to whoever may ask.
        const quiet = await k.core.readNamespacedPodLog({ namespace: "e2e-green", name: "zookeeper-1" });
        assert.doesNotMatch(quiet, / INFO .*\(org\.apache\.zookeeper/);
        const told = await inPod(k, "e2e-green", "zookeeper-1", [
            "sh",
            "-c",
            "echo conf | nc -w 4 127.0.0.1 2181",
        ]);
        assert.match(told, /^initLimit=12$/m);
    });

    it("run ZooKeeper with the ports, folders, commands and identity of the guide", async () => {
        const ask = (word: string) => ["sh", "-c", `echo ${word} | nc -w 4 127.0.0.1 2181`];
        for (const ordinal of [0, 1, 2]) {
            const pod = `zookeeper-${ordinal}`;
            const file = await inPod(k, "e2e-blue", pod, ["cat", "/var/lib/zookeeper/data/myid"]);
            assert.equal(file.trim(), String(ordinal + 1));
            assert.equal((await inPod(k, "e2e-blue", pod, ask("ruok"))).trim(), "imok");
            assert.match(
                await inPod(k, "e2e-blue", pod, ask("mntr")),
                /^zk_server_state\t(leader|follower)$/m,
            );
            assert.match(
                await inPod(k, "e2e-blue", pod, ask("conf")),
                /not executed because it is not in the whitelist/,
            );
            for (const folder of ["data", "log"])
                assert.match(
                    await inPod(k, "e2e-blue", pod, ["ls", `/var/lib/zookeeper/${folder}`]),
                    /version-2/,
                );
            const command = await inPod(k, "e2e-blue", pod, ["cat", "/proc/1/cmdline"]);
            assert(command.includes("-Dzookeeper.electionPortBindRetry=0"), command);
            // 2181, 2888 (leader only) and 3888, and nothing on 8080, where the admin server would be.
            const listening = listeningPorts(await inPod(k, "e2e-blue", pod, ["cat", "/proc/1/net/tcp6"]));
            assert(listening.includes(2181) && listening.includes(3888), listening.join());
            assert(!listening.includes(8080), listening.join());
        }
        const leader = await zookeeperLeader(k, "e2e-blue");
        assert(
            listeningPorts(await inPod(k, "e2e-blue", leader, ["cat", "/proc/1/net/tcp6"])).includes(2888),
        );
    });

    it("run brokers with the identity of their pod and the rack of their node", async () => {
        const described = await kafkaTool(
            k,
            "e2e-blue",
            "kafka.admin.BrokerApiVersionsCommand",
            ...BOOTSTRAP,
        );
        for (const pod of await pods(k, "e2e-blue", "kafka")) {
            const ordinal = Number(pod.metadata!.name!.split("-")[1]);
            const node = await k.core.readNode({ name: pod.spec!.nodeName! });
            const zone = node.metadata!.labels!["topology.kubernetes.io/zone"]!;
            const host = `kafka-${ordinal}.kafka-brokers.e2e-blue.svc.cluster.local:9092`;
            assert(described.includes(`${host} (id: ${ordinal} rack: ${zone})`), described.split("\n")[0]);
        }
    });

    it("run brokers with the replication that follows from their number", async () => {
        const args = ["--describe", "--all", "--entity-type", "brokers", "--entity-name", "0"];
        const settings = await kafkaTool(k, "e2e-blue", "kafka.admin.ConfigCommand", ...BOOTSTRAP, ...args);
        for (const setting of [
            "auto.create.topics.enable=false",
            "default.replication.factor=3",
            "min.insync.replicas=2",
            "offsets.topic.replication.factor=3",
            "transaction.state.log.replication.factor=3",
            "transaction.state.log.min.isr=2",
            "unclean.leader.election.enable=false",
            "inter.broker.protocol.version=3.9",
        ])
            assert(settings.includes(`\n  ${setting} `), setting);
    });

    it("run nothing as root, and nothing that could write to its own image", async () => {
        for (const pod of ["zookeeper-0", "kafka-0"]) {
            const status = await inPod(k, "e2e-blue", pod, ["cat", "/proc/1/status"]);
            assert.match(status, /^Uid:\s+10001\s+10001\s+10001\s+10001$/m);
            assert.match(status, /^CapEff:\s+0+$/m);
            assert.match(status, /^NoNewPrivs:\s+1$/m);
            assert.match(status, /^Seccomp:\s+2$/m);
            await assert.rejects(
                inPod(k, "e2e-blue", pod, ["sh", "-c", ": > /opt/kafka/x"]),
                /Read-only file system/,
            );
        }
    });

    for (const project of PROJECTS)
        it(`take a file through ${project}, and every line of it arrives`, async () => {
            assert.deepEqual(outcome(await send(namespaceOf(project), SAMPLE)), allArrived(LINES));
        });

    it("are reached through the current kube context where nobody says --local", async () => {
        const { stdout } = await promisify(execFile)(
            join(root, "cli/unity"),
            ["--namespace", "e2e-green", "samples/new-york-weather-2013.csv"],
            { cwd: root, env: { ...process.env, KUBECONFIG: kubeconfigPath } },
        );
        const [mode, namespace, file, sent, verdict] = stdout.split("\n");
        assert.equal(mode, "Running in REMOTE mode");
        assert.equal(namespace, "Using namespace: e2e-green");
        assert.equal(file, "Processing file: samples/new-york-weather-2013.csv");
        assert.match(
            sent!,
            new RegExp(`^  ${LINES} records, 2\\.3 MB sent to and read back from Project "green"`),
        );
        assert.equal(verdict, "  every record arrived once and unchanged");
    });

    it("are chosen from by name where there are several", async () => {
        const command = promisify(execFile)(join(root, "cli/unity"), ["--local", SAMPLE]);
        await assert.rejects(command, (error: { code: number; stderr: string }) => {
            assert.equal(error.code, 2);
            assert.match(
                error.stderr,
                /^unity: There are \d Projects: .*e2e-blue, e2e-green\. Choose one with --namespace NAME\.\n$/,
            );
            return true;
        });
    });

    it("keep no topic of a file that was sent", async () => {
        const topics = await kafkaTool(
            k,
            "e2e-green",
            "org.apache.kafka.tools.TopicCommand",
            ...BOOTSTRAP,
            "--list",
        );
        assert.deepEqual(topics.trim().split("\n"), ["__consumer_offsets"]);
    });

    it("lose nothing when ZooKeeper's leader and a broker are killed while a file is sent", async () => {
        const namespace = "e2e-blue";
        const leader = await zookeeperLeader(k, namespace);
        // Long enough to be under way when they are killed, and still when they come back.
        const copies = 40;
        const file = join(tmpdir(), "unity-e2e-large.csv");
        writeFileSync(file, readFileSync(SAMPLE, "utf8").repeat(copies));
        let done = false;
        const sent = send(namespace, file).finally(() => {
            done = true;
        });
        await sleep(4000);
        await killJava(k, namespace, leader);
        await killJava(k, namespace, "kafka-1");
        assert(!done, "the file was still being sent when they were killed");
        assert.deepEqual(outcome(await sent), allArrived(copies * LINES));
        rmSync(file);
        await untilReady(k, namespace, "zookeeper", 3);
        await untilReady(k, namespace, "kafka", 3);
    });

    it("call a broker Ready only when it has caught up", async () => {
        const namespace = "e2e-blue";
        const topic = ["--topic", "catch-up"];
        const tool = (name: string, ...args: string[]) =>
            kafkaTool(k, namespace, `org.apache.kafka.tools.${name}`, ...args);
        await tool("TopicCommand", ...BOOTSTRAP, "--create", ...topic, "--partitions", "6");
        // Under load all along: there is something to catch up with, and more of it while it catches up.
        const load = ["--num-records", "160000", "--record-size", "1000", "--throughput", "4000"];
        const settings = [
            "bootstrap.servers=kafka-bootstrap:9092",
            "acks=all",
            "batch.size=131072",
            "linger.ms=5",
        ];
        const loaded = tool("ProducerPerformance", ...topic, ...load, "--producer-props", ...settings);
        await sleep(4000);
        await killJava(k, namespace, "kafka-2");
        const ready = async () => isReady(await k.core.readNamespacedPod({ namespace, name: "kafka-2" }));
        await until("kafka-2 is noticed to be away", 30, async () => !(await ready()));
        await until("kafka-2 is Ready", 90, ready);
        const gauge = "kafka_server_replicamanager_underreplicatedpartitions";
        const behind = await Promise.all(
            ["kafka-0", "kafka-1"].map((pod) => metric(k, namespace, pod, gauge)),
        );
        assert.deepEqual(behind, [0, 0], "under-replicated partitions at the moment it is Ready");
        assert.match(await loaded, /^160000 records sent/m);
        await tool("TopicCommand", ...BOOTSTRAP, "--delete", ...topic);
    });

    it("refuse an eviction while another broker is away", async () => {
        const namespace = "e2e-green";
        const evict = (name: string) =>
            k.core.createNamespacedPodEviction({ namespace, name, body: { metadata: { name, namespace } } });
        await evict("kafka-0");
        await assert.rejects(evict("kafka-1"), { code: 429 });
        await until("kafka-0 is a new pod", 60, async () =>
            (await pods(k, namespace, "kafka")).every(
                ({ metadata }) => metadata?.deletionTimestamp === undefined,
            ),
        );
        await untilReady(k, namespace, "kafka", 3);
    });

    const faults = [
        { what: "cut off", begin: cutNode, end: reconnectNode },
        { what: "without power", begin: stopNode, end: startNode },
    ];
    for (const { what, begin, end } of faults)
        it(`take a file while a node is ${what}, and are whole again when it is back`, async () => {
            const { spec } = await k.core.readNamespacedPod({ namespace: "e2e-green", name: "kafka-1" });
            const node = await findNode(spec!.nodeName!);
            await begin(node);
            try {
                assert.deepEqual(outcome(await send("e2e-green", SAMPLE)), allArrived(LINES));
            } finally {
                await end(node);
            }
            // Kubernetes may not even have noticed, so the servers themselves are asked.
            await until("every partition is in sync", 120, async () =>
                underReplicated(k, "e2e-green").then(
                    (partitions) => partitions === "",
                    () => false,
                ),
            );
            await until("every ZooKeeper server answers", 120, async () =>
                zookeeperLeader(k, "e2e-green").then(
                    () => true,
                    () => false,
                ),
            );
            for (const project of PROJECTS)
                for (const set of ["zookeeper", "kafka"]) await untilReady(k, namespaceOf(project), set, 3);
        });

    it("can be joined by others without being touched", async () => {
        changeConfig((settings) => void (settings.projects as object[]).push({ name: "red" }));
        const planned = await preview();
        resetConfig();
        assert.deepEqual(Object.keys(planned), ["create"]);
        assert(
            planned.create!.every((name) => name === "red" || name.startsWith("red-")),
            String(planned.create),
        );
    });

    it("keep what they hold when config forgets them, in a preview and in `up`", async () => {
        changeConfig((settings) => Object.assign(settings, { projects: [{ name: "blue" }] }));
        const said =
            /of Project green would be deleted or made anew\. If that is meant, add green to allowDestroy/;
        await refused(said, "preview");
        await refused(said, "up", "--yes", "--skip-preview");
        resetConfig();
        await pulumi("up", "--yes", "--skip-preview");
        for (const set of ["zookeeper", "kafka"]) await untilReady(k, "e2e-green", set, 3);
        await pulumi("preview", "--expect-no-changes");
    });

    it("may go where config says so", async () => {
        changeConfig((settings) =>
            Object.assign(settings, { projects: [{ name: "blue" }], allowDestroy: ["green"] }),
        );
        const planned = await preview();
        resetConfig();
        assert.deepEqual(Object.keys(planned), ["delete"]);
        assert(
            planned.delete!.every((name) => name === "green" || name.startsWith("green-")),
            String(planned.delete),
        );
    });

    it("are not made anew unasked: a change that would do so is refused", async () => {
        changeConfig((settings) => {
            (settings.storageClasses as object[]).push({ name: "other", provisioner: "unity.dev/local" });
            (settings.kafka as { disk: { storageClass: string } }).disk.storageClass = "other";
        });
        const said = /StatefulSet kafka of Project (blue|green) would be deleted or made anew/;
        await refused(said, "preview");
        resetConfig();
    });

    it("get larger disks in place, without a pod noticing, and never smaller ones", async () => {
        const sized = (size: string) =>
            changeConfig((settings) => {
                (settings.kafka as { disk: { size: string } }).disk.size = size;
            });
        const uids = async () =>
            (await pods(k, "e2e-blue", "kafka")).map((pod) => [pod.metadata!.uid, restarts(pod)]);
        const before = await uids();
        sized("2Gi");
        const planned = await preview();
        assert.deepEqual(Object.keys(planned), ["update"]);
        assert.deepEqual(
            planned.update!.sort(),
            PROJECTS.flatMap((project) => [0, 1, 2].map((i) => `${project}-kafka-claim-${i}`)),
        );
        await pulumi("up", "--yes", "--skip-preview");
        for (const project of PROJECTS)
            for (const ordinal of [0, 1, 2])
                await until(`disk ${ordinal} of ${project} has grown`, 300, async () => {
                    const name = `data-kafka-${ordinal}`;
                    const namespace = namespaceOf(project);
                    const { status } = await k.core.readNamespacedPersistentVolumeClaim({ namespace, name });
                    return status?.capacity?.storage === "2Gi";
                });
        assert.deepEqual(await uids(), before);
        await pulumi("preview", "--expect-no-changes");

        const said =
            /disk\.size of kafka of Project (blue|green) is 2Gi and cannot shrink to 1Gi\. Set it to 2Gi or more/;
        sized("1Gi");
        await refused(said, "preview");
        await refused(said, "up", "--yes", "--skip-preview");
        sized("2Gi");
        await pulumi("preview", "--expect-no-changes");
    });

    it("are not destroyed by `pulumi destroy` unasked", async () => {
        await refused(/run-program/, "destroy", "--yes", "--skip-preview");
        const said = /would be deleted or made anew/;
        await refused(said, "destroy", "--yes", "--skip-preview", "--run-program");
        await pulumi("up", "--yes", "--skip-preview");
        for (const project of PROJECTS)
            for (const set of ["zookeeper", "kafka"]) await untilReady(k, namespaceOf(project), set, 3);
    });

    it("are gone without a trace after `pulumi destroy`", async () => {
        changeConfig((settings) => Object.assign(settings, { allowDestroy: PROJECTS }));
        await pulumi("destroy", "--yes", "--skip-preview", "--run-program");
        const namespaces = (await k.core.listNamespace()).items.map(({ metadata }) => metadata!.name!);
        assert.deepEqual(
            namespaces.filter((name) => name.startsWith("e2e-")),
            [],
        );
        await until("their volumes are gone", 60, async () => {
            const { items } = await k.core.listPersistentVolume();
            return !items.some(({ spec }) => spec?.claimRef?.namespace?.startsWith("e2e-"));
        });
        const classes = (await k.storage.listStorageClass()).items.map(({ metadata }) => metadata!.name);
        assert(!classes.includes("unity-e2e"));
        destroyed = true;
    });
});

/** Pulumi ends with an error, and says why in these words. */
async function refused(said: RegExp, ...args: string[]): Promise<void> {
    await assert.rejects(pulumi(...args), (error: unknown) => {
        assert(error instanceof CommandError, String(error));
        assert.match(error.output, said);
        return true;
    });
}

/** Partitions that lack a copy, as Kafka's own tool tells them; empty if none does. */
async function underReplicated(k: Kubernetes, namespace: string): Promise<string> {
    const args = ["--describe", "--under-replicated-partitions"];
    return (
        await kafkaTool(k, namespace, "org.apache.kafka.tools.TopicCommand", ...BOOTSTRAP, ...args)
    ).trim();
}

/** Ports in LISTEN state in the kernel's table of TCP sockets. */
function listeningPorts(table: string): number[] {
    return table.split("\n").flatMap((line) => {
        const [, local, , state] = line.trim().split(/\s+/);
        return state === "0A" ? [Number.parseInt(local!.split(":").at(-1)!, 16)] : [];
    });
}
