import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { V1StatefulSet } from "@kubernetes/client-node";
import { replication } from "../../common/replication.ts";
import { splitSettings } from "../../components/kafka/clusterWideSettings.ts";
import { serverProperties } from "../../components/kafka/serverProperties.ts";
import { java, javaFiles } from "../../components/servers/java.ts";
import { log4jProperties } from "../../components/servers/log4j.ts";
import { podFiles } from "../../components/servers/pod.ts";
import { schedulingConstraints } from "../../components/servers/scheduling.ts";
import { zooCfg } from "../../components/zookeeper/zooCfg.ts";
import { kafkaSchema } from "../../config/schema/kafka.ts";
import { zookeeperSchema } from "../../config/schema/zookeeper.ts";

const disk = { size: "1Gi", storageClass: "c" };
const zookeeper = (over: object = {}) =>
    zookeeperSchema.parse({ servers: 3, heap: "1Gi", memory: "2Gi", cpu: 1, disk, ...over });
const kafka = (over: object = {}) =>
    kafkaSchema.parse({ brokers: 3, heap: "1Gi", memory: "2Gi", cpu: "500m", disk, ...over });

describe("zoo.cfg", () => {
    it("has every default and each server's address", () => {
        assert.equal(
            zooCfg(zookeeper(), "ns"),
            `4lw.commands.whitelist=srvr,mntr,ruok
admin.enableServer=false
authProvider.x509=org.apache.zookeeper.server.auth.X509AuthenticationProvider
autopurge.purgeInterval=1
autopurge.snapRetainCount=3
clientPort=2182
clientPortAddress=127.0.0.1
dataDir=/var/lib/zookeeper/data
dataLogDir=/var/lib/zookeeper/log
db.autocreate=false
enforce.auth.enabled=true
enforce.auth.schemes=x509
initLimit=10
maxClientCnxns=60
maxSessionTimeout=40000
minSessionTimeout=4000
quorumListenOnAllIPs=true
secureClientPort=2181
server.1=zookeeper-0.zookeeper-nodes.ns.svc.cluster.local:2888:3888
server.2=zookeeper-1.zookeeper-nodes.ns.svc.cluster.local:2888:3888
server.3=zookeeper-2.zookeeper-nodes.ns.svc.cluster.local:2888:3888
serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory
ssl.clientAuth=need
ssl.keyStore.location=/etc/tls/ensemble/keystore.pem
ssl.keyStore.type=PEM
ssl.quorum.hostnameVerification=false
ssl.quorum.keyStore.location=/etc/tls/ensemble/keystore.pem
ssl.quorum.keyStore.type=PEM
ssl.quorum.trustStore.location=/etc/tls/ensemble/truststore.pem
ssl.quorum.trustStore.type=PEM
ssl.trustStore.location=/etc/tls/ensemble/truststore.pem
ssl.trustStore.type=PEM
sslQuorum=true
syncLimit=5
tickTime=2000
`,
        );
    });

    it("keeps the folders of the previous version by default", () => {
        const state = JSON.parse(
            readFileSync(join(import.meta.dirname, "../e2e/formerState.json"), "utf8"),
        ) as { deployment: { resources: { type: string; inputs: V1StatefulSet }[] } };
        const sets = state.deployment.resources.filter(({ type }) => type.endsWith(":StatefulSet"));
        const annotations = sets.map(({ inputs }) => inputs.spec?.template.metadata?.annotations);
        const former = annotations.map((files) => files?.["files.unity-kafka/zoo.cfg"]).find(Boolean);
        const folders = (file = "") => [...file.matchAll(/^data\w*Dir=.*$/gm)].map(([line]) => line);
        assert.equal(folders(former).length, 2);
        assert.deepEqual(folders(zooCfg(zookeeper(), "blue")), folders(former));
    });

    it("follows config in every value", () => {
        const text = zooCfg(
            zookeeper({
                servers: 5,
                tickTime: 1000,
                initLimit: 7,
                syncLimit: 3,
                maxSessionTimeout: 9000,
                maxClientCnxns: 5,
                adminServer: true,
                dataDir: "/var/lib/zookeeper/d",
                dataLogDir: "/var/lib/zookeeper/d/log",
                autopurge: { snapRetainCount: 4, purgeInterval: 2 },
                commands: ["ruok", "srvr"],
                ports: { client: 3181, commands: 3182, server: 3888, election: 4888 },
            }),
            "other",
        );
        assert.equal(
            text,
            `4lw.commands.whitelist=ruok,srvr
admin.enableServer=true
authProvider.x509=org.apache.zookeeper.server.auth.X509AuthenticationProvider
autopurge.purgeInterval=2
autopurge.snapRetainCount=4
clientPort=3182
clientPortAddress=127.0.0.1
dataDir=/var/lib/zookeeper/d
dataLogDir=/var/lib/zookeeper/d/log
db.autocreate=false
enforce.auth.enabled=true
enforce.auth.schemes=x509
initLimit=7
maxClientCnxns=5
maxSessionTimeout=9000
minSessionTimeout=2000
quorumListenOnAllIPs=true
secureClientPort=3181
server.1=zookeeper-0.zookeeper-nodes.other.svc.cluster.local:3888:4888
server.2=zookeeper-1.zookeeper-nodes.other.svc.cluster.local:3888:4888
server.3=zookeeper-2.zookeeper-nodes.other.svc.cluster.local:3888:4888
server.4=zookeeper-3.zookeeper-nodes.other.svc.cluster.local:3888:4888
server.5=zookeeper-4.zookeeper-nodes.other.svc.cluster.local:3888:4888
serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory
ssl.clientAuth=need
ssl.keyStore.location=/etc/tls/ensemble/keystore.pem
ssl.keyStore.type=PEM
ssl.quorum.hostnameVerification=false
ssl.quorum.keyStore.location=/etc/tls/ensemble/keystore.pem
ssl.quorum.keyStore.type=PEM
ssl.quorum.trustStore.location=/etc/tls/ensemble/truststore.pem
ssl.quorum.trustStore.type=PEM
ssl.trustStore.location=/etc/tls/ensemble/truststore.pem
ssl.trustStore.type=PEM
sslQuorum=true
syncLimit=3
tickTime=1000
`,
        );
    });
});

describe("server.properties", () => {
    const SUPER_USERS = ["brokers.unity-kafka", "operator.unity-kafka.2"];

    it("has every setting that this program owns", () => {
        assert.equal(
            serverProperties(kafka(), "z:2181", SUPER_USERS),
            `allow.everyone.if.no.acl.found=false
authorizer.class.name=kafka.security.authorizer.AclAuthorizer
auto.create.topics.enable=false
broker.id.generation.enable=false
controlled.shutdown.enable=true
default.replication.factor=3
inter.broker.listener.name=BROKERS
inter.broker.protocol.version=3.9
listener.security.protocol.map=BROKERS:SSL,CLIENTS:SSL
listeners=BROKERS://:9091,CLIENTS://:9092
log.dirs=/var/lib/kafka/data
min.insync.replicas=2
num.recovery.threads.per.data.dir=2
offsets.topic.replication.factor=3
ssl.client.auth=required
ssl.keystore.location=/etc/tls/cluster/keystore.pem
ssl.keystore.type=PEM
ssl.principal.mapping.rules=RULE:^CN=([a-z0-9.-]+)$/$1/
ssl.truststore.location=/etc/tls/cluster/truststore.pem
ssl.truststore.type=PEM
super.users=User:brokers.unity-kafka;User:operator.unity-kafka.2
transaction.state.log.min.isr=2
transaction.state.log.replication.factor=3
unclean.leader.election.enable=false
zookeeper.clientCnxnSocket=org.apache.zookeeper.ClientCnxnSocketNetty
zookeeper.connect=z:2181
zookeeper.connection.timeout.ms=300000
zookeeper.session.timeout.ms=18000
zookeeper.set.acl=true
zookeeper.ssl.client.enable=true
zookeeper.ssl.keystore.location=/etc/tls/ensemble/keystore.pem
zookeeper.ssl.keystore.type=PEM
zookeeper.ssl.truststore.location=/etc/tls/ensemble/truststore.pem
zookeeper.ssl.truststore.type=PEM
`,
        );
    });

    it("takes any other setting that a broker needs at its start, and none that it takes while it runs", () => {
        const plain = serverProperties(kafka(), "z:2181", SUPER_USERS).split("\n");
        const config = {
            "num.recovery.threads.per.data.dir": 9,
            "log.retention.hours": 12,
            // Taken while it runs as well, but it would delete records while it is not told yet.
            "log.retention.ms": 86_400_000,
            "compression.type": "lz4",
            "replica.selector.class": "org.apache.kafka.common.replica.RackAwareReplicaSelector",
        };
        const tuned = serverProperties(kafka({ config }), "z:2181", SUPER_USERS).split("\n");
        assert.deepEqual(
            tuned.filter((line) => !plain.includes(line)),
            [
                "log.retention.hours=12",
                "log.retention.ms=86400000",
                "replica.selector.class=org.apache.kafka.common.replica.RackAwareReplicaSelector",
            ],
        );
        assert.deepEqual(splitSettings(config).whileRunning, {
            "num.recovery.threads.per.data.dir": "9",
            "compression.type": "lz4",
        });
    });
});

describe("replication", () => {
    const cases: [brokers: number, factor: number, minInsync: number][] = [
        [1, 1, 1],
        [2, 2, 1],
        [3, 3, 2],
        [5, 3, 2],
        [9, 3, 2],
    ];
    for (const [brokers, factor, minInsync] of cases) {
        it(`is ${factor} with ${minInsync} in sync for ${brokers} brokers`, () =>
            assert.deepEqual(replication(kafka({ brokers })), { factor, minInsync }));
    }

    it("follows config", () => {
        assert.deepEqual(replication(kafka({ brokers: 5, replicationFactor: 4, minInsyncReplicas: 2 })), {
            factor: 4,
            minInsync: 2,
        });
    });
});

describe("the servers' command line", () => {
    it("is explicit in heap and collector, and quotes what config adds", () => {
        assert.equal(
            java({
                mainClass: "Main file",
                heap: "1Gi",
                files: "/f",
                metricsPort: 9404,
                options: ["-Da=b c", "-Dq='"],
            }),
            `exec java \\
  -Xms1024m -Xmx1024m \\
  -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35 -XX:+ExplicitGCInvokesConcurrent \\
  -XX:+ExitOnOutOfMemoryError \\
  -Djava.awt.headless=true \\
  -Djava.security.properties=/f/java.security \\
  -Dlog4j.configuration=file:/f/log4j.properties \\
  -javaagent:/opt/kafka/libs/jmx_prometheus_javaagent-1.0.1.jar=9404:/f/metrics.yaml \\
  '-Da=b c' \\
  '-Dq='\\''' \\
  -cp '/opt/kafka/libs/*' Main file`,
        );
    });
});

describe("the servers' files", () => {
    it("let Java forget within seconds which address a name has, and that a name has none", () => {
        assert.equal(
            javaFiles("WARN")["java.security"],
            "networkaddress.cache.ttl=5\nnetworkaddress.cache.negative.ttl=1\n",
        );
    });
});

describe("the servers' log", () => {
    it("goes to standard output at the level of config", () => {
        assert.equal(
            log4jProperties("WARN"),
            `log4j.rootLogger=WARN, stdout
log4j.appender.stdout=org.apache.log4j.ConsoleAppender
log4j.appender.stdout.layout=org.apache.log4j.PatternLayout
log4j.appender.stdout.layout.ConversionPattern=%d{ISO8601} %p %m (%c)%n
`,
        );
    });
});

describe("a pod's files", () => {
    it("are its own annotations, found under their names", () => {
        assert.deepEqual(podFiles({ "b.txt": "B", a: "A" }), {
            annotations: { "files.unity-kafka/a": "A", "files.unity-kafka/b.txt": "B" },
            volume: {
                name: "files",
                downwardAPI: {
                    items: [
                        { path: "a", fieldRef: { fieldPath: "metadata.annotations['files.unity-kafka/a']" } },
                        {
                            path: "b.txt",
                            fieldRef: { fieldPath: "metadata.annotations['files.unity-kafka/b.txt']" },
                        },
                    ],
                },
            },
        });
    });
});

describe("the scheduling constraints of a StatefulSet", () => {
    const labels = { app: "x" };
    const hosts = {
        podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
                { labelSelector: { matchLabels: labels }, topologyKey: "kubernetes.io/hostname" },
            ],
        },
    };

    it("allow one pod on a host, and nothing more where config has no zones", () => {
        assert.deepEqual(schedulingConstraints("kafka", labels, { zones: [], dedicatedNodes: false }), {
            affinity: hosts,
        });
    });

    it("spread the pods evenly over the zones of config", () => {
        const { affinity, topologySpreadConstraints } = schedulingConstraints("kafka", labels, {
            zones: ["a", "b"],
            dedicatedNodes: false,
        });
        assert.deepEqual(affinity, {
            ...hosts,
            nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                    nodeSelectorTerms: [
                        {
                            matchExpressions: [
                                { key: "topology.kubernetes.io/zone", operator: "In", values: ["a", "b"] },
                            ],
                        },
                    ],
                },
            },
        });
        assert.deepEqual(topologySpreadConstraints, [
            {
                labelSelector: { matchLabels: labels },
                topologyKey: "topology.kubernetes.io/zone",
                maxSkew: 1,
                minDomains: 2,
                whenUnsatisfiable: "DoNotSchedule",
            },
        ]);
    });

    it("select the dedicated nodes of the StatefulSet where there are node pools", () => {
        assert.deepEqual(schedulingConstraints("kafka", labels, { zones: [], dedicatedNodes: true }), {
            affinity: hosts,
            nodeSelector: { "unity-kafka/kafka": "true" },
            tolerations: [
                { key: "unity-kafka/servers", operator: "Equal", value: "true", effect: "NoSchedule" },
            ],
        });
    });
});
