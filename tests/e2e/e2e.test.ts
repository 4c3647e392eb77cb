import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { V1Pod } from "@kubernetes/client-node";
import { kubeconfigPath, root } from "../../common/paths.ts";
import { CommandError } from "../../local/exec.ts";
import { cutNode, findNode, reconnectNode, startNode, stopNode } from "../../local/platform/faultInjection.ts";
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
    TOOL_SETTINGS,
    until,
    untilReady,
} from "./cluster.ts";
import { asVisitor, ensureClients } from "./guest.ts";
import {
    BOOTSTRAP_SERVERS,
    INSIDE,
    ikpTool,
    NAMESPACE,
    removeIkp,
    startIkp,
    USER,
    untilIkpReady,
} from "./ikpCluster.ts";
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
import { enter, leave, reaches, type Visitor } from "./visitors.ts";

const SAMPLE = join(root, "samples/new-york-weather-2013.csv");
const LINES = 26_116;
const BOOTSTRAP = ["--bootstrap-server", "kafka-bootstrap:9092", "--command-config", TOOL_SETTINGS];

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
                "echo srvr | nc 127.0.0.1 2182",
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

    const trusting = (...authorities: string[]) =>
        changeConfig(({ projects }) =>
            Object.assign((projects as { certificates?: object }[])[0]!, { certificates: { authorities } }),
        );

    it("are deployed by one `pulumi up`", async () => {
        trusting("first");
        await pulumi("up", "--yes", "--skip-preview");
        for (const project of PROJECTS) {
            await untilReady(k, namespaceOf(project), "zookeeper", 3);
            await untilReady(k, namespaceOf(project), "kafka", 3);
            for (const pod of await pods(k, namespaceOf(project))) {
                assert.equal(restarts(pod), 0, pod.metadata?.name);
            }
        }
    });

    it("tell an operator their namespace, their address and how to connect from outside", async () => {
        const found = (await outputs()) as { projects: Record<string, { latency?: number }> };
        for (const project of Object.values(found.projects)) {
            // What the check of the `up` has measured differs from time to time.
            assert(project.latency! > 0 && project.latency! < 60_000, String(project.latency));
            delete project.latency;
        }
        const expected = (namespace: string) => ({
            namespace,
            bootstrap: `kafka-bootstrap.${namespace}.svc.cluster.local:9092`,
            fromOutside: `unity --local --namespace ${namespace} FILENAME`,
        });
        assert.deepEqual(found, {
            projects: { blue: expected("e2e-blue"), green: expected("e2e-green") },
        });
    });

    it("have each server of a set on a host and in a zone of its own", async () => {
        const { items } = await k.core.listNode();
        const zoneOf = new Map(
            items.map(({ metadata }) => [metadata?.name, metadata?.labels?.["topology.kubernetes.io/zone"]]),
        );
        for (const project of PROJECTS) {
            for (const set of ["zookeeper", "kafka"]) {
                const hosts = (await pods(k, namespaceOf(project), set)).map(({ spec }) => spec?.nodeName);
                assert.equal(new Set(hosts).size, 3, `${set} of ${project} on ${hosts.join()}`);
                const zones = hosts.map((host) => zoneOf.get(host));
                assert.deepEqual(zones.sort(), ["zone-a", "zone-b", "zone-c"], `${set} of ${project}`);
            }
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
            "echo conf | nc -w 4 127.0.0.1 2182",
        ]);
        assert.match(told, /^initLimit=12$/m);
    });

    it("run ZooKeeper with the ports, folders, commands and identity of the guide", async () => {
        const ask = (word: string) => ["sh", "-c", `echo ${word} | nc -w 4 127.0.0.1 2182`];
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
            for (const folder of ["data", "log"]) {
                assert.match(
                    await inPod(k, "e2e-blue", pod, ["ls", `/var/lib/zookeeper/${folder}`]),
                    /version-2/,
                );
            }
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
        ]) {
            assert(settings.includes(`\n  ${setting} `), setting);
        }
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

    it("let nobody near their servers but their own, on the same node or across nodes", async () => {
        const [broker] = await pods(k, "e2e-blue", "kafka");
        const [server] = await pods(k, "e2e-blue", "zookeeper");
        const near = broker!.spec!.nodeName!;
        const far = (await pods(k, "e2e-blue", "kafka"))[1]!.spec!.nodeName!;
        const label = { "unity-kafka/client": "true" };
        const visitors: (Visitor & { admitted: boolean })[] = [
            // Nothing holds these back but the Project's own policies.
            { namespace: "default", name: "near", node: near, labels: label, admitted: false },
            { namespace: "default", name: "far", node: far, labels: label, admitted: false },
            { namespace: "e2e-green", name: "neighbour", node: near, labels: label, admitted: false },
            { namespace: "e2e-blue", name: "unlabelled", node: near, admitted: false },
            { namespace: "e2e-blue", name: "labelled-near", node: near, labels: label, admitted: true },
            { namespace: "e2e-blue", name: "labelled-far", node: far, labels: label, admitted: true },
        ];
        try {
            await Promise.all(visitors.map((visitor) => enter(k, visitor)));
            // The firewall learns of a new pod a moment after the pod runs.
            for (const visitor of visitors.filter(({ admitted }) => admitted)) {
                await until(`${visitor.name} is let in`, 30, () =>
                    reaches(k, visitor, broker!.status!.podIP!, 9092),
                );
            }
            for (const visitor of visitors) {
                const to = async (pod: V1Pod, port: number) => reaches(k, visitor, pod.status!.podIP!, port);
                assert.equal(await to(broker!, 9092), visitor.admitted, `${visitor.name} to the brokers`);
                assert.equal(await to(broker!, 9091), false, `${visitor.name} to the brokers' own port`);
                assert.equal(await to(broker!, 9404), false, `${visitor.name} to the metrics`);
                for (const port of [2181, 2182, 2888, 3888]) {
                    assert.equal(await to(server!, port), false, `${visitor.name} to ZooKeeper's ${port}`);
                }
            }
        } finally {
            await Promise.all(visitors.map((visitor) => leave(k, visitor)));
        }
    });

    it("keep to their brokers what brokers write to ZooKeeper", async () => {
        const zookeeper = (port: number, command: string) => {
            const shell = "java -cp '/opt/kafka/libs/*' org.apache.zookeeper.ZooKeeperMain";
            const script = `${shell} -server 127.0.0.1:${port} ${command} 2>&1 || true`;
            return inPod(k, "e2e-blue", "zookeeper-0", ["sh", "-c", script]);
        };
        // Beside the server itself, where no policy helps: a stranger without a certificate.
        assert.match(
            await zookeeper(2182, "getAcl /config/users"),
            /Insufficient permission : \/config\/users/,
        );
        assert.match(await zookeeper(2182, "create /brokers/x y"), /Insufficient permission : \/brokers\/x/);
        assert.match(await zookeeper(2182, "deleteall /brokers/topics"), /Failed to delete some node/);
        assert.match(await zookeeper(2182, "getAcl /brokers/topics"), /'x509,'CN=brokers\.unity-kafka/);
    });

    it("have the topics, rights and quotas of config, as Kafka's own tools see them", async () => {
        const tool = (name: string, ...args: string[]) =>
            kafkaTool(k, "e2e-blue", name, ...BOOTSTRAP, ...args);
        const topics = await tool("org.apache.kafka.tools.TopicCommand", "--describe");
        assert.match(
            topics,
            /Topic: orders\t.*PartitionCount: 3\tReplicationFactor: 3\tConfigs: .*retention\.ms=86400000/,
        );
        assert.match(
            topics,
            /Topic: notes\t.*PartitionCount: 1\tReplicationFactor: 2\tConfigs: min\.insync\.replicas=1/,
        );
        const acls = await tool("kafka.admin.AclCommand", "--list");
        const rights = acls
            .split("Current ACLs for resource")
            .flatMap((resource) => {
                const [, type, name, pattern] =
                    /resourceType=(\w+), name=([^,]+), patternType=(\w+)/.exec(resource) ?? [];
                const entries = resource.matchAll(
                    /principal=User:([^,]+), host=\*, operation=(\w+), permissionType=ALLOW/g,
                );
                return [...entries].map(
                    ([, user, operation]) => `${user} ${operation} ${type} ${pattern} ${name}`,
                );
            })
            .sort();
        assert.deepEqual(rights, [
            "loader DESCRIBE TOPIC LITERAL orders",
            "loader WRITE TOPIC LITERAL orders",
            "reader DESCRIBE GROUP PREFIXED reader-",
            "reader DESCRIBE TOPIC LITERAL orders",
            "reader READ GROUP PREFIXED reader-",
            "reader READ TOPIC LITERAL orders",
        ]);
        const quotas = await tool("kafka.admin.ConfigCommand", "--describe", "--entity-type", "users");
        assert.match(
            quotas,
            /user-principal 'loader' are (?=.*producer_byte_rate=5000000\.0)(?=.*request_percentage=50\.0)/,
        );
    });

    it("give each component what it needs, in tools that others wrote, and refuse it all else", async () => {
        await ensureClients();
        const guest = (component: string): Visitor => ({
            namespace: "e2e-blue",
            name: `guest-${component}`,
            labels: { "unity-kafka/client": "true" },
            secrets: { "/etc/kafka-client": `kafka-client-${component}` },
        });
        const [loader, reader] = [guest("loader"), guest("reader")];
        const folder = mkdtempSync(join(tmpdir(), "unity-e2e-"));
        /** The commands that `unity connect` prints. */
        const commands = async (component: string) => {
            const into = ["--namespace", "e2e-blue", "--folder", join(folder, component), "-o", "json"];
            const { stdout } = await promisify(execFile)(join(root, "cli/unity"), [
                "connect",
                component,
                "--local",
                ...into,
            ]);
            return (JSON.parse(stdout) as { commands: Record<string, string> }).commands;
        };
        const java = (visitor: Visitor, script: string) =>
            inPod(k, "e2e-blue", visitor.name, [
                "sh",
                "-c",
                `J() { java -Xmx128m -cp '/opt/kafka/libs/*' "$@"; }; ${script}`,
            ]);
        // Besides the records kcat tells which file it reads.
        const different = (printed: string) =>
            [...new Set(printed.trim().split("\n"))].filter((line) => !line.startsWith("%")).sort();
        const server = "--bootstrap-server $(cat /etc/kafka-client/bootstrap.servers)";
        const settings = "/etc/kafka-client/client.properties";
        const kcat = (component: string, args: string) =>
            `kcat -F ${join(folder, component)}/librdkafka.conf ${args}`;
        try {
            await Promise.all([enter(k, loader), enter(k, reader)]);
            const [asLoader, asReader] = [await commands("loader"), await commands("reader")];
            await until("the loader is let in", 60, () => reaches(k, loader, "kafka-bootstrap", 9092));
            await until("the reader is let in", 60, () => reaches(k, reader, "kafka-bootstrap", 9092));

            const producer = `J kafka.tools.ConsoleProducer ${server} --producer.config ${settings}`;
            await java(loader, `echo of-java | ${producer} --topic orders`);
            await asVisitor(k, loader, `echo of-kcat | ${kcat("loader", "-P -t orders")}`);
            const all = "--topic orders --from-beginning --timeout-ms 8000";
            const consumer = `J org.apache.kafka.tools.consumer.ConsoleConsumer ${server} --consumer.config ${settings}`;
            const read = await java(reader, `${consumer} ${all} --group reader-java 2>/dev/null || true`);
            assert.deepEqual(different(read), ["of-java", "of-kcat"]);
            const read2 = await asVisitor(k, reader, `${kcat("reader", "-C -t orders -e -q -o beginning")}`);
            assert.deepEqual(different(read2), ["of-java", "of-kcat"]);
            // As they are printed, with nothing added.
            assert.match(await asVisitor(k, loader, asLoader.kcat!), /topic "orders" with 3 partitions/);
            assert.match(
                await asVisitor(k, reader, asReader.python!),
                /'orders': TopicMetadata\(orders, 3 partitions/,
            );
            assert.match(await asVisitor(k, reader, asReader.node!), /'orders'/);

            const refusedTo = async (command: string, visitor: Visitor) =>
                assert.match(
                    await asVisitor(k, visitor, `${command} 2>&1 || true`),
                    /authorization failed|Authorization failed|ACL|UNKNOWN_TOPIC|Unknown topic/i,
                );
            await refusedTo(`echo x | ${kcat("loader", "-P -t notes")}`, loader);
            await refusedTo(kcat("loader", "-C -t orders -e -o beginning -G reader-x orders"), loader);
            await refusedTo(`echo x | ${kcat("reader", "-P -t orders")}`, reader);
            await refusedTo(`timeout 20 ${kcat("reader", "-G other orders")}`, reader);
        } finally {
            await Promise.all([leave(k, loader), leave(k, reader)]);
            rmSync(folder, { recursive: true, force: true });
        }
    });

    it("let nobody in without a certificate, or with that of another Project", async () => {
        const neighbour = { namespace: "e2e-blue", name: "guest", labels: { "unity-kafka/client": "true" } };
        const { data } = await k.core.readNamespacedSecret({
            namespace: "e2e-green",
            name: "kafka-operator",
        });
        await k.core.createNamespacedSecret({
            namespace: "e2e-blue",
            body: { metadata: { name: "of-green" }, ...(data && { data }) },
        });
        const guest = { ...neighbour, secrets: { "/own": "kafka-operator", "/other": "of-green" } };
        const list = (...config: string[]) => {
            const tool = "java -Xmx128m -cp '/opt/kafka/libs/*' org.apache.kafka.tools.TopicCommand";
            const to = "--bootstrap-server kafka-bootstrap:9092 --list";
            return inPod(k, "e2e-blue", "guest", [
                "sh",
                "-c",
                [
                    "printf 'request.timeout.ms=5000\\ndefault.api.timeout.ms=8000\\n' > /tmp/c.properties",
                    ...config,
                    `${tool} ${to} --command-config /tmp/c.properties 2>&1 || true`,
                ].join("; "),
            ]);
        };
        try {
            await enter(k, guest);
            assert.match(await list("cat /own/client.properties >> /tmp/c.properties"), /^orders$/m);
            assert.match(await list(), /AdminClient thread has exited|Timed out|disconnected/);
            const anonymous = [
                "security.protocol=SSL",
                "ssl.truststore.type=PEM",
                "ssl.truststore.location=/own/ca.crt",
            ];
            assert.match(
                await list(`printf '%s\\n' ${anonymous.join(" ")} >> /tmp/c.properties`),
                /SSL handshake failed|Failed to process post-handshake messages/,
            );
            assert.match(
                await list("cat /other/client.properties >> /tmp/c.properties"),
                /SSL handshake failed|SslAuthenticationException/,
            );
        } finally {
            await leave(k, guest);
            await k.core.deleteNamespacedSecret({ namespace: "e2e-blue", name: "of-green" });
        }
    });

    for (const project of PROJECTS) {
        it(`take a file through ${project}, and every line of it arrives`, async () => {
            assert.deepEqual(outcome(await send(namespaceOf(project), SAMPLE)), allArrived(LINES));
        });
    }

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
        const certificate = ["--producer.config", TOOL_SETTINGS];
        const loaded = tool(
            "ProducerPerformance",
            ...topic,
            ...load,
            ...certificate,
            "--producer-props",
            ...settings,
        );
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

    it("take files all the time while another authority takes over", async () => {
        const signer = async () => {
            const { data } = await k.core.readNamespacedSecret({
                namespace: "e2e-blue",
                name: "kafka-operator",
            });
            return new X509Certificate(Buffer.from(data!["tls.crt"]!, "base64")).issuer;
        };
        assert.equal(await signer(), "CN=unity-kafka cluster first");
        trusting("second", "first");
        await refused(
            /Set authorities to \[first, second\] and run up, then to \[second, first\]/,
            "preview",
        );
        const finished = new AbortController();
        let files = 0;
        const sending = (async () => {
            while (!finished.signal.aborted) {
                assert.deepEqual(outcome(await send("e2e-blue", SAMPLE)), allArrived(LINES));
                files++;
            }
        })();
        sending.catch(() => undefined);
        try {
            // First everybody trusts both, then the second signs.
            for (const authorities of [
                ["first", "second"],
                ["second", "first"],
            ]) {
                trusting(...authorities);
                await pulumi("up", "--yes", "--skip-preview");
            }
        } finally {
            finished.abort();
        }
        await sending;
        assert(files > 1, `${files} files`);
        assert.equal(await signer(), "CN=unity-kafka cluster second");
        resetConfig();
        await pulumi("preview", "--expect-no-changes");
        for (const set of ["zookeeper", "kafka"]) {
            for (const pod of await pods(k, "e2e-blue", set)) {
                assert.equal(restarts(pod), 0, pod.metadata?.name);
            }
        }
    });

    it("change topics and rights in place, and lose no partition and no topic unasked", async () => {
        const withBlue = (
            change: (blue: { topics: object[]; components: object[] }) => void,
            rest: object = {},
        ) =>
            changeConfig((settings) => {
                Object.assign(settings, rest);
                change((settings.projects as never[])[0]!);
            });
        const describe = async (topic: string) =>
            kafkaTool(
                k,
                "e2e-blue",
                "org.apache.kafka.tools.TopicCommand",
                ...BOOTSTRAP,
                "--describe",
                "--topic",
                topic,
            );
        withBlue(({ topics, components }) => {
            topics[0] = { name: "orders", partitions: 5, retention: "2d" };
            topics[1] = { name: "notes" };
            components.pop();
        });
        const planned = await preview();
        assert.deepEqual(planned.update!.sort(), ["blue-check", "blue-topic-notes", "blue-topic-orders"]);
        assert.deepEqual(planned.delete!.sort(), [
            "blue-access-reader",
            "blue-kafka-client-reader",
            "blue-kafka-client-reader-certificate",
        ]);
        await pulumi("up", "--yes", "--skip-preview");
        assert.match(
            await describe("orders"),
            /PartitionCount: 5\tReplicationFactor: 3\tConfigs: .*retention\.ms=172800000/,
        );
        assert.match(await describe("notes"), /ReplicationFactor: 3\tConfigs: min\.insync\.replicas=2/);
        const acls = await kafkaTool(k, "e2e-blue", "kafka.admin.AclCommand", ...BOOTSTRAP, "--list");
        assert.doesNotMatch(acls, /User:reader/);

        withBlue(({ topics }) => {
            topics[0] = { name: "orders", partitions: 3 };
        });
        await refused(/topic orders has 5 partitions and cannot have only 3/, "preview");
        withBlue(({ topics, components }) => {
            topics.shift();
            components.length = 0;
        });
        await refused(
            /topic orders of Project blue would be deleted with all that it holds\. .* add topic\/blue\/orders to/,
            "preview",
        );
        withBlue(
            ({ topics, components }) => {
                topics.shift();
                components.length = 0;
            },
            { allowDestroy: ["topic/blue/orders"] },
        );
        await pulumi("up", "--yes", "--skip-preview");
        const left = await kafkaTool(
            k,
            "e2e-blue",
            "org.apache.kafka.tools.TopicCommand",
            ...BOOTSTRAP,
            "--list",
        );
        assert.doesNotMatch(left, /^orders$/m);
        resetConfig();
        await pulumi("up", "--yes", "--skip-preview");
        await pulumi("preview", "--expect-no-changes");
    });

    it("exchange listed topics with IKP while brokers of either side are killed, and no other topic", async () => {
        const topic = (name: string, partitions = 2) => ({ name, partitions });
        const cluster = "org.apache.kafka.tools.TopicCommand";
        const acl = "kafka.admin.AclCommand";
        try {
            const authority = await startIkp(k);
            for (const name of ["rates", "crm.customers", "invoices", "secret"]) {
                await ikpTool(k, cluster, ...INSIDE, "--create", "--topic", name, "--partitions", "2");
            }
            const allow = (name: string, ...operations: string[]) =>
                ikpTool(
                    k,
                    acl,
                    ...[...INSIDE, "--add", "--allow-principal", `User:${USER.username}`, "--topic", name],
                    ...operations.flatMap((operation) => ["--operation", operation]),
                );
            for (const name of ["rates", "crm.customers"]) {
                await allow(name, "Describe", "Read", "DescribeConfigs");
            }
            await allow("invoices", "Describe", "Write");
            // It may read this one; nobody has listed it.
            await allow("secret", "Describe", "Read");
            const before = await ikpTool(k, cluster, ...INSIDE, "--list");

            changeConfig((settings) => {
                settings.ikp = {
                    bootstrapServers: BOOTSTRAP_SERVERS,
                    sasl: { mechanism: "PLAIN", username: USER.username },
                    authority,
                };
                const [blue] = settings.projects as { topics: object[]; bridge?: object }[];
                blue!.topics.push(topic("rates"), topic("customers"), topic("invoices"));
                blue!.bridge = {
                    inbound: ["rates", { from: "crm.customers", to: "customers" }],
                    outbound: ["invoices"],
                    heap: "256Mi",
                    memory: "640Mi",
                    cpu: "50m",
                };
            });
            await pulumi(
                "config",
                "set",
                "--secret",
                "--path",
                "unity-kafka:ikp.sasl.password",
                USER.password,
            );
            await pulumi("up", "--yes", "--skip-preview");

            const count = 3000;
            const load = ["--max-messages", `${count}`, "--throughput", "150", "--acks", "-1"];
            const producer = "org.apache.kafka.tools.VerifiableProducer";
            const server = BOOTSTRAP.slice(0, 2);
            const sending = Promise.all([
                ikpTool(k, producer, ...INSIDE, ...load, "--topic", "rates"),
                ikpTool(k, producer, ...INSIDE, ...load, "--topic", "crm.customers"),
                kafkaTool(
                    k,
                    "e2e-blue",
                    producer,
                    ...server,
                    ...load,
                    "--topic",
                    "invoices",
                    "--producer.config",
                    TOOL_SETTINGS,
                ),
                ikpTool(
                    k,
                    producer,
                    ...INSIDE,
                    "--max-messages",
                    "50",
                    "--throughput",
                    "150",
                    "--acks",
                    "-1",
                    "--topic",
                    "secret",
                ),
            ]);
            sending.catch(() => undefined);
            await sleep(4000);
            await killJava(k, NAMESPACE, "ikp-1");
            await sleep(4000);
            await killJava(k, "e2e-blue", "kafka-1");
            const acked = (await sending).map((printed) =>
                [
                    ...printed.matchAll(
                        /"producer_send_success".*?"value":"(\d+)"|"value":"(\d+)".*?"producer_send_success"/g,
                    ),
                ].map(([, first, second]) => first ?? second!),
            );
            for (const values of acked.slice(0, 3)) {
                assert(values.length > count / 2, `${values.length} acknowledged`);
            }
            await untilIkpReady(k);
            await untilReady(k, "e2e-blue", "kafka", 3);

            const consumer = "org.apache.kafka.tools.consumer.ConsoleConsumer";
            const all = ["--from-beginning", "--timeout-ms", "6000", "--topic"];
            const inBlue = (name: string) =>
                kafkaTool(
                    k,
                    "e2e-blue",
                    consumer,
                    ...server,
                    "--consumer.config",
                    TOOL_SETTINGS,
                    ...all,
                    name,
                );
            const places: [string, () => Promise<string>, string[]][] = [
                ["rates in blue", () => inBlue("rates"), acked[0]!],
                ["customers in blue", () => inBlue("customers"), acked[1]!],
                ["invoices at IKP", () => ikpTool(k, consumer, ...INSIDE, ...all, "invoices"), acked[2]!],
            ];
            for (const [what, read, sent] of places) {
                await until(`all that was acknowledged is among the ${what}`, 180, async () => {
                    const arrived = new Set((await read()).split("\n"));
                    return sent.every((value) => arrived.has(value));
                });
            }
            const status = ["status", "--local", "--namespace", "e2e-blue"];
            const { stdout } = await promisify(execFile)(join(root, "cli/unity"), status);
            assert.match(stdout, /^ {2}rates +ikp -> unity-e2e-blue +0$/m);
            assert.match(stdout, /^ {2}invoices +unity-e2e-blue -> ikp +0$/m);
            const topics = await kafkaTool(k, "e2e-blue", cluster, ...BOOTSTRAP, "--list");
            assert.doesNotMatch(topics, /secret|crm\.customers/);
            // But for what this test's own consumer brings about.
            const atIkp = (await ikpTool(k, cluster, ...INSIDE, "--list")).replace(
                "__consumer_offsets\n",
                "",
            );
            assert.equal(atIkp, before, "nothing is created at IKP");
            await pulumi("preview", "--expect-no-changes");
        } finally {
            await removeIkp(k);
        }
        // Given up in config, the bridge goes; its topics hold data, which takes a word.
        changeConfig((settings) =>
            Object.assign(settings, {
                allowDestroy: ["rates", "customers", "invoices"].map((name) => `topic/blue/${name}`),
            }),
        );
        await pulumi("up", "--yes", "--skip-preview");
        resetConfig();
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
    for (const { what, begin, end } of faults) {
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
            for (const project of PROJECTS) {
                for (const set of ["zookeeper", "kafka"]) {
                    await untilReady(k, namespaceOf(project), set, 3);
                }
            }
        });
    }

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
        changeConfig(withoutGreen);
        const said =
            /of Project green would be deleted or made anew\. If that is meant, add green to allowDestroy/;
        await refused(said, "preview");
        await refused(said, "up", "--yes", "--skip-preview");
        resetConfig();
        await pulumi("up", "--yes", "--skip-preview");
        for (const set of ["zookeeper", "kafka"]) {
            await untilReady(k, "e2e-green", set, 3);
        }
        await pulumi("preview", "--expect-no-changes");
    });

    it("may go where config says so", async () => {
        changeConfig((settings) => {
            withoutGreen(settings);
            settings.allowDestroy = ["green"];
        });
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
        for (const project of PROJECTS) {
            for (const ordinal of [0, 1, 2]) {
                await until(`disk ${ordinal} of ${project} has grown`, 300, async () => {
                    const name = `data-kafka-${ordinal}`;
                    const namespace = namespaceOf(project);
                    const { status } = await k.core.readNamespacedPersistentVolumeClaim({ namespace, name });
                    return status?.capacity?.storage === "2Gi";
                });
            }
        }
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
        for (const project of PROJECTS) {
            for (const set of ["zookeeper", "kafka"]) {
                await untilReady(k, namespaceOf(project), set, 3);
            }
        }
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

/** Config that has forgotten a Project. */
function withoutGreen(settings: Record<string, unknown>): void {
    settings.projects = (settings.projects as { name: string }[]).filter(({ name }) => name !== "green");
}

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
