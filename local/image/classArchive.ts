/**
 * The archive of loaded classes (CDS) of the image's Java runtime: with the classes of ZooKeeper, Kafka and its tools
 * in it, a start takes less than half the processor time. The runtime uses it by itself, without an option, as long as
 * the class path is the one of here; with any other it starts as it would without.
 */
import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../exec.ts";

/** The class path of every command in a pod. */
const CLASS_PATH = "/opt/kafka/libs/*";

/** Where classes are loaded for a list of them; not part of the image. */
const WORK = "/tmp/classes";

/** Settings of the two stores of a server or a client, each with its own prefix and way of writing them. */
const stores = (prefix: string, keyStore = "keystore", trustStore = "truststore") => [
    `${prefix}ssl.${keyStore}.location=${WORK}/key.p12`,
    `${prefix}ssl.${keyStore}.password=classes`,
    `${prefix}ssl.${trustStore}.location=${WORK}/trust.p12`,
    `${prefix}ssl.${trustStore}.password=classes`,
];

const zooCfg = [
    `dataDir=${WORK}/zookeeper`,
    "clientPort=2181",
    "admin.enableServer=false",
    "serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory",
    "authProvider.x509=org.apache.zookeeper.server.auth.X509AuthenticationProvider",
    "secureClientPort=2182",
    ...stores("", "keyStore", "trustStore"),
    "ssl.hostnameVerification=false",
];

/** What a broker and a client of it have in common. */
const ssl = ["ssl.endpoint.identification.algorithm=", ...stores("")];

const serverProperties = [
    "broker.id=0",
    `log.dirs=${WORK}/kafka`,
    "listeners=SSL://127.0.0.1:9092",
    "security.inter.broker.protocol=SSL",
    "ssl.client.auth=required",
    ...ssl,
    "authorizer.class.name=kafka.security.authorizer.AclAuthorizer",
    "super.users=User:CN=classes",
    "offsets.topic.replication.factor=1",
    "offsets.topic.num.partitions=1",
    "zookeeper.connect=127.0.0.1:2182",
    "zookeeper.clientCnxnSocket=org.apache.zookeeper.ClientCnxnSocketNetty",
    "zookeeper.ssl.client.enable=true",
    ...stores("zookeeper."),
    "zookeeper.ssl.endpoint.identification.algorithm=",
];

const clientProperties = ["security.protocol=SSL", ...ssl];

/** Runs each program once, as pods do, and has the runtime list the classes that it loads. */
const script = `
set -e
cd ${WORK}
classes() { list=$1; shift; java -Xmx256m -Dlog4j.configuration=file:log4j.properties -XX:DumpLoadedClassList=$list.classes -cp '${CLASS_PATH}' "$@"; }
until_open() { n=0; until echo | nc -w 1 127.0.0.1 $1 > answer 2>&1; do n=$((n + 1)); [ $n -lt 600 ] || exit 1; sleep 0.1; done; }
metrics=-javaagent:$(echo /opt/kafka/libs/jmx_prometheus_javaagent-*.jar)
key="-alias key -storetype PKCS12 -storepass classes -noprompt"
keytool -genkeypair $key -keystore key.p12 -dname CN=classes -keyalg EC -validity 2
keytool -exportcert $key -keystore key.p12 | keytool -importcert $key -keystore trust.p12
classes zookeeper $metrics=9404:metrics.yaml org.apache.zookeeper.server.quorum.QuorumPeerMain zoo.cfg &
zookeeper=$!
until_open 2182
classes kafka $metrics=9405:metrics.yaml kafka.Kafka server.properties &
kafka=$!
until_open 9092
server="--bootstrap-server 127.0.0.1:9092"
classes topics org.apache.kafka.tools.TopicCommand $server --command-config client.properties --create --topic t
echo record | classes producer kafka.tools.ConsoleProducer $server --producer.config client.properties --topic t
classes consumer org.apache.kafka.tools.consumer.ConsoleConsumer $server --consumer.config client.properties \\
  --topic t --from-beginning --max-messages 1
printf 'GET /metrics HTTP/1.0\\r\\n\\r\\n' | nc 127.0.0.1 9405 > metrics
kill $kafka
wait $kafka || [ $? = 143 ]
kill $zookeeper
wait $zookeeper || [ $? = 143 ]
cat *.classes > all
# Collector and heap are given so that the archive does not depend on the machine's size.
java -XX:+UseG1GC -Xms128m -Xmx128m -Xshare:dump -XX:SharedClassListFile=all -cp '${CLASS_PATH}'
`;

/**
 * Writes the archive of a root file system that is complete but for it.
 *
 * @param folder the root file system
 * @param log file that gets the output of what is run
 */
export async function archiveClasses(folder: string, log: string): Promise<void> {
    // The archive is used only while jars have the times it was made for, and the image has no other.
    const jars = join(folder, "opt/kafka/libs");
    for (const jar of readdirSync(jars)) {
        utimesSync(join(jars, jar), 0, 0);
    }
    const work = join(folder, WORK);
    const mounts = ["proc", "dev"].map((name) => join(folder, name));
    for (const path of [work, ...mounts]) {
        mkdirSync(path);
    }
    const files = {
        "zoo.cfg": zooCfg,
        "server.properties": serverProperties,
        "client.properties": clientProperties,
        "log4j.properties": [
            "log4j.rootLogger=WARN, out",
            "log4j.appender.out=org.apache.log4j.ConsoleAppender",
            "log4j.appender.out.layout=org.apache.log4j.PatternLayout",
            "log4j.appender.out.layout.ConversionPattern=[%d] %p %m (%c)%n",
        ],
        "metrics.yaml": ['rules: [{ pattern: ".*" }]'],
        "list.sh": [script],
    };
    for (const [name, lines] of Object.entries(files)) {
        writeFileSync(join(work, name), `${lines.join("\n")}\n`);
    }
    // A network, processes and mounts of its own: no port is taken on the machine, and all ends with the script.
    const inside = `ip link set lo up && mount -t proc proc proc && mount --rbind /dev dev && exec chroot . sh ${WORK}/list.sh`;
    const command = [
        "unshare",
        "--net",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "sh",
        "-c",
        inside,
    ] as const;
    await run(command, { cwd: folder, log, env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" } });
    rmSync(work, { recursive: true });
}
