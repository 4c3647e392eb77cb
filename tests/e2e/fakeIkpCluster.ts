/** A fake IKP on the platform: three brokers with users, client certificates, ACLs and a CA of their own. */
import type { Socket } from "node:net";
import { KubeConfig, type V1Pod } from "@kubernetes/client-node";
import { type AclEntry, type Admin, Kafka, logLevel, type Producer } from "kafkajs";
import { kubeconfigPath } from "../../common/paths.ts";
import type { Operation } from "../../kafka/admin/acls.ts";
import { aclEntry } from "../../kafka/admin/kafkajsAcls.ts";
import { ForwardedSocket } from "../../kafka/kubernetes/forwardedSocket.ts";
import { kubernetesDialler } from "../../kafka/kubernetes/socketFactory.ts";
import { kafkaImage } from "../../local/versions.ts";
import { newCertificate, newRootCertificate } from "../provider/fixtures.ts";
import { inPod, isReady, type Kubernetes, pods, until } from "./cluster.ts";

export const IKP_NAMESPACE = "ikp-e2e";
const SERVICE = "ikp";
const CLIENTS = 9094;
const MTLS = 9095;
/** For the test itself, which is nobody to IKP. */
const INTERNAL = 9092;
const DOMAIN = `${SERVICE}.${IKP_NAMESPACE}.svc.cluster.local`;

export const IKP_USER = { username: "unity", password: 'se"cret\\1' } as const;
const servers = (port: number) => [0, 1, 2].map((i) => `ikp-${i}.${DOMAIN}:${port}`);
/** Where a user logs in. */
export const BOOTSTRAP_SERVERS = servers(CLIENTS);
/** Where a client shows its certificate. */
export const MTLS_SERVERS = servers(MTLS);
/** Whom the certificate of {@link startFakeIkp} stands for. */
export const MTLS_USER = "CN=unity-mtls";

const properties = (i: number) => {
    const host = `ikp-${i}.${DOMAIN}`;
    const controller = i === 0;
    const quoted = IKP_USER.password.replace(/["\\]/g, "\\$&").replaceAll("\\", "\\\\");
    return [
        `process.roles=broker${controller ? ",controller" : ""}`,
        `node.id=${i}`,
        `controller.quorum.voters=0@ikp-0.${DOMAIN}:9093`,
        "controller.listener.names=CONTROLLER",
        "inter.broker.listener.name=INTERNAL",
        `listeners=CLIENTS://:${CLIENTS},MTLS://:${MTLS},INTERNAL://:${INTERNAL}${controller ? ",CONTROLLER://:9093" : ""}`,
        `advertised.listeners=CLIENTS://${host}:${CLIENTS},MTLS://${host}:${MTLS},INTERNAL://${host}:${INTERNAL}`,
        "listener.security.protocol.map=CLIENTS:SASL_SSL,MTLS:SSL,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "sasl.enabled.mechanisms=PLAIN",
        `listener.name.clients.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_${IKP_USER.username}="${quoted}";`,
        "ssl.keystore.type=PEM",
        "ssl.keystore.location=/etc/ikp-tls/keystore.pem",
        "listener.name.mtls.ssl.client.auth=required",
        "listener.name.mtls.ssl.truststore.type=PEM",
        "listener.name.mtls.ssl.truststore.location=/etc/ikp-tls/ca.pem",
        "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users=User:ANONYMOUS",
        "auto.create.topics.enable=false",
        "default.replication.factor=3",
        "min.insync.replicas=2",
        "offsets.topic.replication.factor=3",
        "offsets.topic.num.partitions=3",
        "group.initial.rebalance.delay.ms=0",
        "log.dirs=/data/log",
    ];
};

/** Starts it. Returns the certificate of its CA, and one of a client with its key, PEM. */
export async function startFakeIkp(
    k: Kubernetes,
): Promise<{ readonly ca: string; readonly client: { readonly certificate: string; readonly key: string } }> {
    const ca = await newRootCertificate({ commonName: "IKP's own" });
    const server = await newCertificate(ca, { commonName: "ikp", dnsNames: [`*.${DOMAIN}`] });
    const client = await newCertificate(ca, { commonName: "unity-mtls", usages: ["client"] });
    await k.core.createNamespace({ body: { metadata: { name: IKP_NAMESPACE } } });
    await k.core.createNamespacedSecret({
        namespace: IKP_NAMESPACE,
        body: {
            metadata: { name: "tls" },
            stringData: { "keystore.pem": server.privateKey + server.certificate, "ca.pem": ca.certificate },
        },
    });
    await k.core.createNamespacedService({
        namespace: IKP_NAMESPACE,
        body: {
            metadata: { name: SERVICE },
            spec: {
                clusterIP: "None",
                publishNotReadyAddresses: true,
                selector: { app: SERVICE },
                ports: [
                    { name: "clients", port: CLIENTS },
                    { name: "mtls", port: MTLS },
                ],
            },
        },
    });
    for (const i of [0, 1, 2]) {
        await k.core.createNamespacedPod({ namespace: IKP_NAMESPACE, body: broker(i) });
    }
    await untilFakeIkpReady(k);
    return { ca: ca.certificate, client: { certificate: client.certificate, key: client.privateKey } };
}

export async function untilFakeIkpReady(k: Kubernetes): Promise<void> {
    await until("the fake IKP is Ready", 120, async () => {
        const all = await pods(k, IKP_NAMESPACE);
        return all.length === 3 && all.every(isReady);
    });
}

export async function removeFakeIkp(k: Kubernetes): Promise<void> {
    await k.core.deleteNamespace({ name: IKP_NAMESPACE }).catch(() => undefined);
}

/** Does something there as one who may do everything. */
export async function atFakeIkp<T>(work: (admin: Admin, producer: Producer) => Promise<T>): Promise<T> {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfigPath);
    const dialler = kubernetesDialler(config, () => undefined);
    const kafka = new Kafka({
        brokers: [`ikp-0.${DOMAIN}:${INTERNAL}`],
        logLevel: logLevel.NOTHING,
        socketFactory: ({ host, port, onConnect }) => {
            const pod = host.split(".")[0]!;
            const socket = new ForwardedSocket(host, dialler(IKP_NAMESPACE, pod, port));
            socket.once("connect", onConnect);
            return socket as unknown as Socket;
        },
    });
    const [admin, producer] = [kafka.admin(), kafka.producer()];
    try {
        await Promise.all([admin.connect(), producer.connect()]);
        return await work(admin, producer);
    } finally {
        await Promise.all([admin.disconnect(), producer.disconnect()]);
    }
}

/** What a user may do with a topic or a group there. */
export function allowedAtIkp(
    user: string,
    resource: "topic" | "group",
    name: string,
    ...operations: Operation[]
): AclEntry[] {
    const acl = { resource, name, pattern: "literal" } as const;
    return operations.map((operation) => aclEntry(user, { ...acl, operation }));
}

/** The command in `ikp-0` for one of Kafka's own tools. */
export function ikpToolCommand(mainClass: string, ...args: string[]): string[] {
    const java = ["java", "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", "/opt/kafka/libs/*", mainClass];
    return [...java, "--bootstrap-server", `ikp-0.${DOMAIN}:${INTERNAL}`, ...args];
}

/** Standard output of one of Kafka's own tools, run beside a broker of the fake IKP. */
export function ikpTool(k: Kubernetes, mainClass: string, ...args: string[]): Promise<string> {
    return inPod(k, IKP_NAMESPACE, "ikp-0", ikpToolCommand(mainClass, ...args));
}

function broker(i: number): V1Pod {
    const lines = properties(i).map((line) => `'${line.replaceAll("'", "'\\''")}'`);
    const start = [
        `printf '%s\\n' ${lines.join(" ")} > /data/server.properties`,
        "C='-cp /opt/kafka/libs/*'",
        "set -f",
        "java -Xmx64m $C kafka.tools.StorageTool format --ignore-formatted -t AAAAAAAAAAAAAAAAAAAAAQ -c /data/server.properties",
        "exec java -Xmx256m -XX:TieredStopAtLevel=1 $C kafka.Kafka /data/server.properties",
    ];
    return {
        metadata: { name: `ikp-${i}`, labels: { app: SERVICE } },
        spec: {
            hostname: `ikp-${i}`,
            subdomain: SERVICE,
            terminationGracePeriodSeconds: 5,
            securityContext: { runAsUser: 10_003, fsGroup: 10_003 },
            containers: [
                {
                    name: "ikp",
                    image: kafkaImage,
                    command: ["sh", "-c", start.join("\n")],
                    readinessProbe: { tcpSocket: { port: CLIENTS }, periodSeconds: 1 },
                    resources: { requests: { cpu: "50m", memory: "512Mi" }, limits: { memory: "768Mi" } },
                    volumeMounts: [
                        { name: "data", mountPath: "/data" },
                        { name: "tls", mountPath: "/etc/ikp-tls", readOnly: true },
                    ],
                },
            ],
            volumes: [
                { name: "data", emptyDir: {} },
                { name: "tls", secret: { secretName: "tls" } },
            ],
        },
    };
}
