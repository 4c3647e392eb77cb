/** Kafka's own tools, run beside a broker. */
import { inPod, type Kubernetes } from "./cluster.ts";

/** Settings of a client that shows a broker's own certificate, in a file that {@link kafkaTool} makes in the pod. */
export const TOOL_SETTINGS = "/tmp/tool.properties";
const TOOL_PROPERTIES = [
    "security.protocol=SSL",
    "ssl.keystore.type=PEM",
    "ssl.keystore.location=/etc/tls/cluster/keystore.pem",
    "ssl.truststore.type=PEM",
    "ssl.truststore.location=/etc/tls/cluster/truststore.pem",
];

export const SERVER = ["--bootstrap-server", "kafka-bootstrap:9092"];

/** How the console consumer connects. */
export const CONSUMER_CONNECTION = [...SERVER, "--consumer.config", TOOL_SETTINGS];

/** The same from another namespace. */
export const serverIn = (namespace: string) => ["--bootstrap-server", `kafka-bootstrap.${namespace}:9092`];

/** Main classes of the tools. */
export const TOPICS = "org.apache.kafka.tools.TopicCommand";
export const ACLS = "kafka.admin.AclCommand";
export const CONFIGS = "kafka.admin.ConfigCommand";
export const VERSIONS = "kafka.admin.BrokerApiVersionsCommand";
export const CONSUMER = "org.apache.kafka.tools.consumer.ConsoleConsumer";
export const GROUPS = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand";
export const OFFSETS = "org.apache.kafka.tools.GetOffsetShell";
export const REASSIGN = "org.apache.kafka.tools.reassign.ReassignPartitionsCommand";
export const PERFORMANCE = "org.apache.kafka.tools.ProducerPerformance";
export const VERIFIABLE_PRODUCER = "org.apache.kafka.tools.VerifiableProducer";

/**
 * The command of a shell for a main class of the image's libraries.
 *
 * @param before commands of the shell that come first
 */
export function javaCommand(
    mainClass: string,
    args: readonly string[],
    before: readonly string[] = [],
): string[] {
    const script = [
        ...before,
        `exec java -Xmx128m -XX:TieredStopAtLevel=1 -cp '/opt/kafka/libs/*' ${mainClass} "$@"`,
    ].join("; ");
    return ["sh", "-c", script, mainClass, ...args];
}

/** Where {@link withRetries} writes. */
export const RETRYING = "/tmp/retrying.properties";

/**
 * The command of a shell that copies a client's settings and has it try again: a verifiable producer without a word of
 * retries tries once, which no client of Kafka does by itself.
 */
export const withRetries = (settings: string) =>
    `{ cat ${settings}; echo retries=2147483647; } > ${RETRYING}`;

/** The command of a shell in `kafka-0` for one of Kafka's tools. */
export function toolCommand(mainClass: string, args: readonly string[]): string[] {
    const settings = TOOL_PROPERTIES.map((line) => `'${line}'`).join(" ");
    return javaCommand(mainClass, args, [`printf '%s\\n' ${settings} > ${TOOL_SETTINGS}`]);
}

/** Standard output of one of Kafka's own tools. */
function kafkaTool(k: Kubernetes, namespace: string, mainClass: string, ...args: string[]): Promise<string> {
    return inPod(k, namespace, "kafka-0", toolCommand(mainClass, args));
}

/** Standard output of a tool of administration, which takes the same options to connect as all of them. */
export function adminTool(
    k: Kubernetes,
    namespace: string,
    mainClass: string,
    ...args: string[]
): Promise<string> {
    return kafkaTool(k, namespace, mainClass, ...SERVER, "--command-config", TOOL_SETTINGS, ...args);
}

/** All that a topic holds, a line for each record. */
export function consumeAll(k: Kubernetes, namespace: string, topic: string): Promise<string> {
    return consume(k, namespace, "--from-beginning", "--timeout-ms", "6000", "--topic", topic);
}

/** What the console consumer prints with these options. */
export function consume(k: Kubernetes, namespace: string, ...options: string[]): Promise<string> {
    return kafkaTool(k, namespace, CONSUMER, ...CONSUMER_CONNECTION, ...options);
}

/** Partitions that lack a replica; empty if none does. */
export async function underReplicated(k: Kubernetes, namespace: string): Promise<string> {
    return (await adminTool(k, namespace, TOPICS, "--describe", "--under-replicated-partitions")).trim();
}
