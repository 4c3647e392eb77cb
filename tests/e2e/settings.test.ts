import assert from "node:assert/strict";
import { inPod, type Kubernetes, metrics } from "./cluster.ts";
import { BLUE, BRING_UP_TIMEOUT, GREEN, sharedEnvironment } from "./environment.ts";
import { ACLS, adminTool, CONFIGS, TOPICS } from "./kafkaTools.ts";
import { unity } from "./unity.ts";
import { ask, leaderOf } from "./zookeeper.ts";

describe("settings", function () {
    this.timeout("2m");
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
    });

    it("ZooKeeper runs with every setting that config gives it", async () => {
        const blue = await metrics(k, BLUE, "zookeeper-1");
        const green = await metrics(k, GREEN, "zookeeper-1");
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

    it("ZooKeeper purges its snapshots as config says, and logs at its level", async () => {
        // What no command shows is in the server's own words at its start.
        const log = await k.core.readNamespacedPodLog({ namespace: BLUE, name: "zookeeper-1" });
        assert.match(log, / INFO autopurge\.snapRetainCount set to 3 \(.*DatadirCleanupManager\)$/m);
        assert.match(log, / INFO autopurge\.purgeInterval set to 1 \(.*DatadirCleanupManager\)$/m);
        assert.match(log, / INFO Purge task completed\. /);
        // Green says nothing of it at WARN; its server answers the command `conf`.
        const quiet = await k.core.readNamespacedPodLog({ namespace: GREEN, name: "zookeeper-1" });
        assert.doesNotMatch(quiet, / INFO .*\(org\.apache\.zookeeper/);
        assert.match(await ask(k, GREEN, "zookeeper-1", "conf"), /^initLimit=12$/m);
    });

    it("ZooKeeper has the ports, folders, commands and server id that its guide asks for", async () => {
        for (const ordinal of [0, 1, 2]) {
            const pod = `zookeeper-${ordinal}`;
            const file = await inPod(k, BLUE, pod, ["cat", "/var/lib/zookeeper/data/myid"]);
            assert.equal(file.trim(), String(ordinal + 1));
            assert.equal((await ask(k, BLUE, pod, "ruok")).trim(), "imok");
            assert.match(await ask(k, BLUE, pod, "mntr"), /^zk_server_state\t(leader|follower)$/m);
            assert.match(await ask(k, BLUE, pod, "conf"), /not executed because it is not in the whitelist/);
            for (const folder of ["data", "log"]) {
                assert.match(await inPod(k, BLUE, pod, ["ls", `/var/lib/zookeeper/${folder}`]), /version-2/);
            }
            const command = await inPod(k, BLUE, pod, ["cat", "/proc/1/cmdline"]);
            assert(command.includes("-Dzookeeper.electionPortBindRetry=0"), command);
            // 2181, 2888 (leader only) and 3888, and nothing on 8080, where the admin server would be.
            const ports = await listeningPorts(k, pod);
            assert(ports.includes(2181) && ports.includes(3888), ports.join());
            assert(!ports.includes(8080), ports.join());
        }
        assert((await listeningPorts(k, await leaderOf(k, BLUE))).includes(2888));
    });

    it("unity prints what every ZooKeeper server answers to mntr, through the Kubernetes API", async () => {
        const printed = await unity(["metrics", "--local", "--namespace", BLUE]);
        for (const ordinal of [0, 1, 2]) {
            const state = new RegExp(`^zookeeper-${ordinal} +zk_server_state +(leader|follower)$`, "m");
            assert.match(printed, state);
        }
    });

    it("brokers replicate as follows from their number", async () => {
        const args = ["--describe", "--all", "--entity-type", "brokers", "--entity-name", "0"];
        const settings = await adminTool(k, BLUE, CONFIGS, ...args);
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

    it("Kafka's own tools see the topics, ACLs and quotas of config", async () => {
        const topics = await adminTool(k, BLUE, TOPICS, "--describe");
        assert.match(
            topics,
            /Topic: orders\t.*PartitionCount: 3\tReplicationFactor: 3\tConfigs: .*retention\.ms=86400000/,
        );
        assert.match(
            topics,
            /Topic: notes\t.*PartitionCount: 1\tReplicationFactor: 2\tConfigs: min\.insync\.replicas=1/,
        );
        const acls = entries(await adminTool(k, BLUE, ACLS, "--list"));
        // Another test gives the courier further keys.
        assert.deepEqual(
            acls.map((acl) => acl.replace(/^courier\.\d+/, "courier")),
            [
                "courier DESCRIBE GROUP LITERAL courier",
                "courier DESCRIBE TOPIC LITERAL orders",
                "courier DESCRIBE TRANSACTIONAL_ID PREFIXED courier-",
                "courier READ GROUP LITERAL courier",
                "courier READ TOPIC LITERAL orders",
                "courier WRITE TOPIC LITERAL orders",
                "courier WRITE TRANSACTIONAL_ID PREFIXED courier-",
                "loader CREATE TOPIC PREFIXED enricher-",
                "loader DELETE TOPIC PREFIXED enricher-",
                "loader DESCRIBE GROUP LITERAL enricher",
                "loader DESCRIBE TOPIC LITERAL orders",
                "loader DESCRIBE TOPIC PREFIXED enricher-",
                "loader DESCRIBE TRANSACTIONAL_ID PREFIXED enricher-",
                "loader DESCRIBE TRANSACTIONAL_ID PREFIXED loader-",
                "loader READ GROUP LITERAL enricher",
                "loader READ TOPIC PREFIXED enricher-",
                "loader WRITE TOPIC LITERAL orders",
                "loader WRITE TOPIC PREFIXED enricher-",
                "loader WRITE TRANSACTIONAL_ID PREFIXED enricher-",
                "loader WRITE TRANSACTIONAL_ID PREFIXED loader-",
                "reader DESCRIBE GROUP PREFIXED reader-",
                "reader DESCRIBE TOPIC LITERAL orders",
                "reader READ GROUP PREFIXED reader-",
                "reader READ TOPIC LITERAL orders",
            ],
        );
        const quotas = await adminTool(k, BLUE, CONFIGS, "--describe", "--entity-type", "users");
        assert.match(
            quotas,
            /user-principal 'loader' are (?=.*producer_byte_rate=5000000\.0)(?=.*request_percentage=50\.0)/,
        );
    });
});

/** ACLs as the tool lists them, one a line: who may do what to which resource. */
function entries(listed: string): string[] {
    return listed
        .split("Current ACLs for resource")
        .flatMap((resource) => {
            const [, type, name, pattern] =
                /resourceType=(\w+), name=([^,]+), patternType=(\w+)/.exec(resource) ?? [];
            const allowed = resource.matchAll(
                /principal=User:([^,]+), host=\*, operation=(\w+), permissionType=ALLOW/g,
            );
            return [...allowed].map(
                ([, user, operation]) => `${user} ${operation} ${type} ${pattern} ${name}`,
            );
        })
        .sort();
}

/** Ports in LISTEN state in the kernel's table of TCP sockets. */
async function listeningPorts(k: Kubernetes, pod: string): Promise<number[]> {
    const table = await inPod(k, BLUE, pod, ["cat", "/proc/1/net/tcp6"]);
    return table.split("\n").flatMap((line) => {
        const [, local, , state] = line.trim().split(/\s+/);
        return state === "0A" ? [Number.parseInt(local!.split(":").at(-1)!, 16)] : [];
    });
}
