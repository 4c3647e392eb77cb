import assert from "node:assert/strict";
import type { V1Pod } from "@kubernetes/client-node";
import { CLIENT_LABEL, type ClientPod, connects, untilConnects, withClientPods } from "./clientPods.ts";
import { inPod, type Kubernetes, pods } from "./cluster.ts";
import { BLUE, BLUE_CLIENTS, BRING_UP_TIMEOUT, GREEN, sharedEnvironment } from "./environment.ts";
import { ask, zookeeperCommandLine, zookeeperShell } from "./zookeeper.ts";

const BOOTSTRAP = `kafka-bootstrap.${BLUE}`;

describe("security", function () {
    this.timeout("3m");
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
    });

    it("the network allows only labelled clients in the namespace of the Project's components, and only to the brokers' client port", async () => {
        const [broker, other] = await pods(k, BLUE, "kafka");
        const [server] = await pods(k, BLUE, "zookeeper");
        const [near, far] = [broker!.spec!.nodeName!, other!.spec!.nodeName!];
        const labels = CLIENT_LABEL;
        const clients: (ClientPod & { allowed: boolean })[] = [
            // Nothing holds these back but the Project's own policies.
            { namespace: "default", name: "near", node: near, labels, allowed: false },
            { namespace: "default", name: "far", node: far, labels, allowed: false },
            { namespace: GREEN, name: "neighbour", node: near, labels, allowed: false },
            { namespace: BLUE, name: "among-servers", node: near, labels, allowed: false },
            { namespace: BLUE_CLIENTS, name: "unlabelled", node: near, allowed: false },
            ...["kafka", "zookeeper", "bridge"].map((server) => ({
                ...{ namespace: BLUE_CLIENTS, name: `called-${server}`, node: far, allowed: false },
                labels: { "app.kubernetes.io/name": server },
            })),
            { namespace: BLUE_CLIENTS, name: "labelled-near", node: near, labels, allowed: true },
            { namespace: BLUE_CLIENTS, name: "labelled-far", node: far, labels, allowed: true },
        ];
        await withClientPods(k, clients, async () => {
            for (const client of clients.filter(({ allowed }) => allowed)) {
                await untilConnects(k, client, broker!.status!.podIP!, 9092);
            }
            const check = async (client: ClientPod, pod: V1Pod, port: number, allowed: boolean) => {
                const to = `${client.name} to ${port} of ${pod.metadata!.name}`;
                assert.equal(await connects(k, client, pod.status!.podIP!, port), allowed, to);
            };
            await Promise.all(
                clients.map(async (client) => {
                    await check(client, broker!, 9092, client.allowed);
                    await Promise.all([
                        ...[9091, 9404].map((port) => check(client, broker!, port, false)),
                        ...[2181, 2182, 2888, 3888].map((port) => check(client, server!, port, false)),
                    ]);
                }),
            );
        });
    });

    it("ZooKeeper serves nobody who has no certificate, even on its own host", async () => {
        // Where no policy helps: in the server's own pod, at the port that takes connections without TLS.
        const commands = [
            "ls /",
            "create /x y",
            "get /cluster/id",
            "delete /controller_epoch",
            "addauth digest brokers:brokers",
            "addauth x509 CN=brokers.unity-kafka",
            "delete /controller_epoch",
            "getAcl /brokers/topics",
            "setAcl / world:anyone:cdrwa",
        ];
        const printed = await zookeeperShell(k, BLUE, "zookeeper-0", false, commands);
        assert.match(printed, /client failed to authenticate/);
        for (const answer of [/^Created/m, /"version"/, /\[.*brokers/, /x509,/]) {
            assert.doesNotMatch(printed, answer);
        }
        for (const word of ["ruok", "srvr", "mntr"]) {
            assert.match(await ask(k, BLUE, "zookeeper-0", word), /^(imok|Zookeeper version|zk_version)/);
        }
    });

    it("ZooKeeper keeps what brokers write from everybody else, its own servers too", async () => {
        const commands = [
            "getAcl /config/users",
            "create /brokers/x y",
            "deleteall /brokers/topics",
            "getAcl /brokers/topics",
            "ls /",
        ];
        const printed = await zookeeperShell(k, BLUE, "zookeeper-0", true, commands);
        assert.match(printed, /Insufficient permission : \/config\/users/);
        assert.match(printed, /Insufficient permission : \/brokers\/x/);
        assert.match(printed, /Failed to delete some node/);
        assert.match(printed, /'x509,'CN=brokers\.unity-kafka/);
        // And what the test before has tried to change is as it was.
        assert.match(printed, /^\[(?=.*\bbrokers\b)(?=.*\bcontroller_epoch\b)(?!.*\bx\b).*\]$/m);
    });

    it("ZooKeeper refuses a component's certificate where its ports can be reached", async () => {
        const { data } = await k.core.readNamespacedSecret({
            namespace: BLUE_CLIENTS,
            name: "kafka-client-loader",
        });
        const loader = ["tls.key", "tls.crt"].map((file) => String(Buffer.from(data![file]!, "base64")));
        const keyStore = "/tmp/loader.pem";
        const line = zookeeperCommandLine(true, keyStore);
        // Its command line says why it was refused in its log only.
        const log = ["rootLogger=WARN, e", "appender.e=org.apache.log4j.ConsoleAppender"];
        log.push("appender.e.layout=org.apache.log4j.SimpleLayout");
        const script = [
            `printf %s "$0" > ${keyStore}`,
            `printf 'log4j.%s\\n' ${log.map((setting) => `'${setting}'`).join(" ")} > /tmp/shell.properties`,
            "export JDK_JAVA_OPTIONS=-Dlog4j.configuration=file:/tmp/shell.properties",
            `echo 'ls /' | timeout 10 ${line} 2>&1 || true`,
        ].join("; ");
        const [asBroker, asLoader] = await Promise.all([
            zookeeperShell(k, BLUE, "kafka-0", true, ["ls /"]),
            inPod(k, BLUE, "kafka-0", ["sh", "-c", script, loader.join("")]),
        ]);
        assert.match(asBroker, /^\[.*\bbrokers\b.*\]$/m);
        assert.doesNotMatch(asLoader, /\bbrokers\b/);
        assert.match(asLoader, /SSLHandshakeException|certificate_unknown|bad_certificate/);
    });

    it("brokers refuse clients without a certificate, or with that of another Project", async () => {
        const { data } = await k.core.readNamespacedSecret({ namespace: GREEN, name: "kafka-operator" });
        await k.core.createNamespacedSecret({
            namespace: BLUE_CLIENTS,
            body: { metadata: { name: "of-green" }, ...(data && { data }) },
        });
        const client: ClientPod = {
            namespace: BLUE_CLIENTS,
            name: "client",
            labels: CLIENT_LABEL,
            secrets: { "/own": "kafka-client-reader", "/other": "of-green" },
        };
        const list = (file: string, ...settings: string[]) => {
            const tool = "java -Xmx128m -cp '/opt/kafka/libs/*' org.apache.kafka.tools.TopicCommand";
            const to = `--bootstrap-server ${BOOTSTRAP}:9092 --list`;
            const script = [
                `f=/tmp/${file}.properties`,
                "printf 'request.timeout.ms=5000\\ndefault.api.timeout.ms=8000\\n' > $f",
                ...settings,
                `${tool} ${to} --command-config $f 2>&1 || true`,
            ];
            return inPod(k, BLUE_CLIENTS, "client", ["sh", "-c", script.join("; ")]);
        };
        const anonymous = [
            "security.protocol=SSL",
            "ssl.truststore.type=PEM",
            "ssl.truststore.location=/own/ca.crt",
        ];
        try {
            await withClientPods(k, [client], async () => {
                await untilConnects(k, client, BOOTSTRAP, 9092);
                assert.match(await list("own", "cat /own/client.properties >> $f"), /^orders$/m);
                const [plain, unknown, foreign] = await Promise.all([
                    list("plain"),
                    list("anonymous", `printf '%s\\n' ${anonymous.join(" ")} >> $f`),
                    list("other", "cat /other/client.properties >> $f"),
                ]);
                assert.match(plain, /AdminClient thread has exited|Timed out|disconnected/);
                assert.match(unknown, /SSL handshake failed|Failed to process post-handshake messages/);
                assert.match(foreign, /SSL handshake failed|SslAuthenticationException/);
            });
        } finally {
            await k.core.deleteNamespacedSecret({ namespace: BLUE_CLIENTS, name: "of-green" });
        }
    });
});
