import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import type { Topic } from "../../common/kafkaTypes.ts";
import { BRIDGE, COMPONENT_LABEL, INSTANCE_LABELS, KAFKA } from "../../common/names.ts";
import { replication } from "../../common/replication.ts";
import type { BridgeConfig } from "../../config/schema/bridge.ts";
import type { IkpConfig } from "../../config/schema/ikp.ts";
import type { KafkaConfig } from "../../config/schema/kafka.ts";
import { CLIENT_FOLDER } from "../../kafka/client/clientFiles.ts";
import { projectLabels } from "../kubernetes/labels.ts";
import { addressesIn, egressTo, metricsIngress, podsOf, tcp } from "../kubernetes/networkPolicy.ts";
import { bridgeMetrics } from "../monitoring/jmxExporter.ts";
import type { ClientSecret } from "../project/clientSecret.ts";
import { java, javaFiles } from "../servers/java.ts";
import { fromPod, podTemplate } from "../servers/pod.ts";
import { schedulingConstraints, type Topology } from "../servers/scheduling.ts";
import { IKP_FOLDER, ikpCredentials, ikpToolProperties } from "./ikpCredentials.ts";
import { FAILED_FILE, LIVENESS_PERIOD, probeScript } from "./probes.ts";
import { flowsOf, mirrorMakerProperties, POD_ADDRESS } from "./properties.ts";
import { startScript } from "./startScript.ts";

const FILES = "/etc/bridge";

/**
 * Loggers that tell what no metric does: which partitions a task has, and from where on one is read, as where its next
 * record has been deleted at the source. `unity status` looks for that.
 */
const INFO_LOGGERS = [
    "org.apache.kafka.clients.consumer.internals.FetchCollector",
    "org.apache.kafka.clients.consumer.internals.SubscriptionState",
    "org.apache.kafka.connect.mirror.MirrorSourceTask",
];

const probe = (state: "live" | "ready", periodSeconds: number, failureThreshold: number) => ({
    exec: { command: ["sh", `${FILES}/probe.sh`, state] },
    timeoutSeconds: 10,
    periodSeconds,
    failureThreshold,
});

const PROBES = {
    // MirrorMaker ends by itself where it cannot start; a start may last five minutes.
    startup: probe("live", 5, 60),
    // A failed task gets three minutes before its process is restarted.
    liveness: probe("live", LIVENESS_PERIOD, 6),
    readiness: probe("ready", 5, 3),
} as const;

export interface MirrorMakerArgs {
    /** Name of the Project. */
    readonly project: string;
    /** Labels of its pods. */
    readonly labels: Readonly<Record<string, string>>;
    /** Namespace of the Project; plain, because MirrorMaker's names are made from it. */
    readonly namespace: string;
    /** Image with MirrorMaker 2 in /opt/kafka/libs and java on PATH. */
    readonly image: string;
    readonly topology: Topology;
    /** host:port for a first connection to the Project's brokers. */
    readonly bootstrap: string;
    /** The bridge's Secret for the Project's Kafka. */
    readonly client: ClientSecret;
    readonly kafka: KafkaConfig;
    readonly ikp: IkpConfig;
    readonly bridge: BridgeConfig;
    /** The Project's topics. */
    readonly topics: readonly Topic[];
    /** Namespaces whose pods may read the bridge's metrics. */
    readonly metricsFrom: readonly string[];
}

/**
 * Carries a Project's listed topics from IKP and to it: Kafka's MirrorMaker 2, as restricted as the brokers.
 *
 * At least once: after a crash the records of some seconds cross again. A record keeps its partition, so a topic needs
 * at least as many partitions where it goes as where it comes from. The bridge creates no topics but its own, which
 * are in the Project's Kafka. Committed offsets of consumer groups go along only with topics that keep their names,
 * since MirrorMaker would commit them for the old name; they may be a little behind, never ahead.
 */
export class MirrorMaker extends pulumi.ComponentResource {
    constructor(name: string, args: MirrorMakerArgs, opts?: pulumi.ComponentResourceOptions) {
        super(
            "unity-kafka:index:MirrorMaker",
            name,
            {},
            pulumi.mergeOptions(opts, { aliases: [{ type: "unity-kafka:index:IkpBridge" }] }),
        );
        const { project, namespace, bridge, kafka, client } = args;
        const { files, settings } = ikpCredentials(args.ikp);
        const flows = flowsOf(bridge, namespace);
        const hasInbound = flows.some(({ inbound }) => inbound);
        const selector = { [COMPONENT_LABEL]: BRIDGE.name };
        const labels = projectLabels(project, BRIDGE.name);
        const metadata = { name: BRIDGE.name, namespace, labels };
        // Nothing here holds data, so none of it has a deletion guard.
        const child = { parent: this };

        // Never changed, only replaced by one of another name, which rolls the pods. The name tells nothing of the
        // content: a digest of a password helps to guess it.
        const secret = new Secret(
            `${name}-ikp`,
            { metadata: { namespace, labels }, immutable: true, stringData: pulumi.secret(files) },
            child,
        );
        const account = new ServiceAccount(
            `${name}-account`,
            { metadata, automountServiceAccountToken: false },
            child,
        );
        const policy = new NetworkPolicy(
            `${name}-policy`,
            { metadata, spec: bridgePolicy(args.ikp, bridge.replicas, args.metricsFrom) },
            child,
        );
        new PodDisruptionBudget(
            `${name}-budget`,
            { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: selector } } },
            child,
        );
        const template = podTemplate({
            name: BRIDGE.name,
            image: args.image,
            start: [
                `rm -f ${FAILED_FILE}`,
                ...(hasInbound ? [`sh ${FILES}/start.sh || exit 1`] : []),
                java({
                    mainClass: `org.apache.kafka.connect.mirror.MirrorMaker ${FILES}/mm2.properties`,
                    heap: bridge.heap,
                    files: FILES,
                    metricsPort: BRIDGE.ports.metrics,
                    options: bridge.jvmOptions,
                }),
            ].join("\n"),
            serviceAccountName: account.metadata.name,
            labels: { ...args.labels, ...INSTANCE_LABELS, ...selector },
            // The pods read their certificate once, so they are rolled with it.
            annotations: { "unity-kafka/client-revision": client.revision },
            // Beside the brokers: their dedicated nodes have room for it.
            scheduling: schedulingConstraints(KAFKA.name, selector, args.topology),
            terminationGracePeriodSeconds: 60,
            env: [fromPod(POD_ADDRESS, "status.podIP")],
            ports: { metrics: BRIDGE.ports.metrics },
            probes: PROBES,
            cpu: bridge.cpu,
            memory: bridge.memory,
            files: {
                ...javaFiles(bridge.logLevel, INFO_LOGGERS),
                "metrics.yaml": client.expiry.apply((own) => bridgeMetrics([own])),
                "mm2.properties": mirrorMakerProperties({
                    bridge,
                    kafka,
                    topics: args.topics,
                    namespace,
                    bootstrap: args.bootstrap,
                    ikp: { settings },
                }),
                "probe.sh": probeScript(flows.length),
                ...(hasInbound && {
                    "start.sh": startScript({
                        from: bridge.from,
                        flows,
                        bootstrap: args.bootstrap,
                        ikpProperties: `${FILES}/ikp.properties`,
                        replicationFactor: replication(kafka).factor,
                    }),
                    "ikp.properties": ikpToolProperties({ settings }),
                }),
            },
            filesPath: FILES,
            secrets: {
                client: { mountPath: CLIENT_FOLDER, secretName: client.secretName },
                ikp: { mountPath: IKP_FOLDER, secretName: secret.metadata.name },
            },
        });
        new Deployment(
            `${name}-pods`,
            {
                metadata,
                spec: {
                    replicas: bridge.replicas,
                    selector: { matchLabels: selector },
                    // One more than config says could find no host, and would need to speak with the others.
                    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
                    template,
                },
            },
            { ...child, dependsOn: policy },
        );
        this.registerOutputs({});
    }
}

/**
 * Traffic of the bridge's pods, besides that to DNS, which every pod is allowed. Where config does not name the addresses of
 * IKP's brokers, its ports are open to anywhere.
 */
export function bridgePolicy(
    { bootstrapServers, ranges }: Pick<IkpConfig, "bootstrapServers" | "ranges">,
    replicas: number,
    metricsFrom: readonly string[],
): k8s.networking.v1.NetworkPolicySpec {
    const self = podsOf(BRIDGE.name);
    const ikpPorts = [...new Set(bootstrapServers.map((address) => Number(address.split(":").at(-1))))];
    const peers = replicas > 1 ? [tcp(BRIDGE.ports.peers)] : [];
    return {
        podSelector: self.podSelector,
        policyTypes: ["Ingress", "Egress"],
        ingress: [
            ...metricsIngress(metricsFrom, BRIDGE.ports.metrics),
            ...(peers.length > 0 ? [{ from: [self], ports: peers }] : []),
        ],
        egress: [
            { to: [podsOf(KAFKA.name)], ports: [tcp(KAFKA.ports.client)] },
            egressTo(ranges.map(addressesIn), ikpPorts.sort((one, other) => one - other).map(tcp)),
            ...(peers.length > 0 ? [{ to: [self], ports: peers }] : []),
        ],
    };
}
