import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import { BRIDGE, CLIENT_LABEL, COMPONENT_LABEL, INSTANCE_LABELS, KAFKA } from "../../common/names.ts";
import type { BridgeConfig } from "../../config/schema/bridge.ts";
import type { IkpConfig } from "../../config/schema/ikp.ts";
import type { KafkaConfig } from "../../config/schema/kafka.ts";
import { CLIENT_FOLDER } from "../../kafka/client/clientFiles.ts";
import { bridgeMetrics, earliestExpiry } from "../monitoring/jmxExporter.ts";
import { java } from "../servers/java.ts";
import { log4jProperties } from "../servers/log4j.ts";
import { containerSecurityContext, fromPod, podFiles, podSecurityContext } from "../servers/pod.ts";
import { schedulingConstraints, type Topology } from "../servers/scheduling.ts";
import { serverLabels } from "../servers/statefulServers.ts";
import { IKP_FOLDER, ikpCredentials } from "./ikpCredentials.ts";
import { bridgeProbe } from "./probe.ts";
import { flowsOf, mirrorMakerProperties, POD_ADDRESS } from "./properties.ts";

const FILES = "/etc/bridge";

export interface MirrorMakerArgs {
    /** Name of the Project. */
    readonly project: string;
    /** Namespace of the Project; plain, because MirrorMaker's names are made from it. */
    readonly namespace: string;
    /** Image with MirrorMaker 2 in /opt/kafka/libs and java on PATH. */
    readonly image: string;
    readonly topology: Topology;
    /** host:port for a first connection to the Project's brokers. */
    readonly bootstrap: string;
    /** Secret with the bridge's certificate. */
    readonly clientSecret: pulumi.Input<string>;
    /** A text that changes with the certificate, so that the pods are rolled then: they read it once. */
    readonly clientRevision: pulumi.Input<string>;
    /** End of the certificate, ISO 8601. */
    readonly notAfter: pulumi.Output<string>;
    readonly kafka: KafkaConfig;
    readonly ikp: IkpConfig;
    readonly bridge: BridgeConfig;
    /** Namespaces whose pods may read the bridge's metrics. */
    readonly metricsFrom: readonly string[];
}

/**
 * Carries a Project's listed topics from IKP and to it: Kafka's MirrorMaker 2, as restricted as the brokers.
 *
 * At least once: after a crash the records of some seconds cross again. A record keeps its partition, so a topic needs
 * at least as many partitions where it goes as where it comes from. The bridge creates no topics but its own, which
 * are in the Project's Kafka. Positions of consumer groups go along only with topics that keep their names, since
 * MirrorMaker would write them for the old name; they may be a little behind, never ahead.
 */
export class MirrorMaker extends pulumi.ComponentResource {
    constructor(name: string, args: MirrorMakerArgs, opts?: pulumi.ComponentResourceOptions) {
        super("unity-kafka:index:IkpBridge", name, {}, opts);
        const { project, namespace, bridge, kafka, bootstrap, metricsFrom } = args;
        const { files, settings } = ikpCredentials(args.ikp);
        const selector = { [COMPONENT_LABEL]: BRIDGE.name };
        const labels = serverLabels(BRIDGE.name, project);
        const metadata = { name: BRIDGE.name, namespace, labels };
        // Nothing here holds data: who gives the bridge up in config is not asked twice.
        const own = { parent: this };

        // Never changed, only replaced by one of another name, which rolls the pods. The name tells nothing of what is
        // in it: a digest of a password helps to guess it.
        const secret = new Secret(
            `${name}-ikp`,
            { metadata: { namespace, labels }, immutable: true, stringData: pulumi.secret(files) },
            own,
        );
        const account = new ServiceAccount(
            `${name}-account`,
            { metadata, automountServiceAccountToken: false },
            own,
        );
        new NetworkPolicy(
            `${name}-policy`,
            { metadata, spec: bridgePolicy(args.ikp.bootstrapServers, bridge.replicas, metricsFrom) },
            own,
        );
        new PodDisruptionBudget(
            `${name}-budget`,
            { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: selector } } },
            own,
        );
        const mounted = podFiles({
            "log4j.properties": log4jProperties(bridge.logLevel),
            "metrics.yaml": args.notAfter.apply((end) => bridgeMetrics(earliestExpiry([end]))),
            "mm2.properties": mirrorMakerProperties({
                bridge,
                kafka,
                namespace,
                bootstrap,
                ikp: { settings },
            }),
            "probe.sh": bridgeProbe(flowsOf(bridge, namespace).length),
        });
        const secrets = [
            { name: "client", mountPath: CLIENT_FOLDER, secretName: args.clientSecret },
            { name: "ikp", mountPath: IKP_FOLDER, secretName: secret.metadata.name },
        ];
        const probe = (what: string): k8s.core.v1.Probe => ({
            exec: { command: ["sh", `${FILES}/probe.sh`, what] },
            timeoutSeconds: 10,
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
                    template: {
                        metadata: {
                            labels: { ...INSTANCE_LABELS, ...selector, [CLIENT_LABEL]: "true" },
                            annotations: {
                                ...mounted.annotations,
                                "unity-kafka/client-revision": args.clientRevision,
                            },
                        },
                        spec: {
                            serviceAccountName: account.metadata.name,
                            automountServiceAccountToken: false,
                            enableServiceLinks: false,
                            securityContext: podSecurityContext,
                            terminationGracePeriodSeconds: 60,
                            // Beside the brokers: the nodes that are set aside for them have room for it.
                            ...schedulingConstraints(KAFKA.name, selector, args.topology),
                            containers: [
                                {
                                    name: BRIDGE.name,
                                    image: args.image,
                                    imagePullPolicy: "IfNotPresent",
                                    command: [
                                        "sh",
                                        "-c",
                                        java({
                                            mainClass: `org.apache.kafka.connect.mirror.MirrorMaker ${FILES}/mm2.properties`,
                                            heap: bridge.heap,
                                            files: FILES,
                                            metricsPort: BRIDGE.ports.metrics,
                                            options: [],
                                        }),
                                    ],
                                    env: [fromPod(POD_ADDRESS, "status.podIP")],
                                    ports: [{ name: "metrics", containerPort: BRIDGE.ports.metrics }],
                                    // MirrorMaker ends by itself where it cannot start; a failed task is given time.
                                    livenessProbe: {
                                        ...probe("live"),
                                        initialDelaySeconds: 60,
                                        periodSeconds: 30,
                                        failureThreshold: 6,
                                    },
                                    readinessProbe: { ...probe("ready"), periodSeconds: 5 },
                                    resources: {
                                        requests: { cpu: bridge.cpu, memory: bridge.memory },
                                        limits: { memory: bridge.memory },
                                    },
                                    securityContext: containerSecurityContext,
                                    volumeMounts: [
                                        { name: "files", mountPath: FILES, readOnly: true },
                                        ...secrets.map(({ name: volume, mountPath }) => ({
                                            name: volume,
                                            mountPath,
                                            readOnly: true,
                                        })),
                                        { name: "tmp", mountPath: "/tmp" },
                                    ],
                                },
                            ],
                            volumes: [
                                mounted.volume,
                                ...secrets.map(({ name: volume, secretName }) => ({
                                    name: volume,
                                    secret: { secretName, defaultMode: 0o440 },
                                })),
                                { name: "tmp", emptyDir: {} },
                            ],
                        },
                    },
                },
            },
            own,
        );
        this.registerOutputs({});
    }
}

/**
 * What the bridge's pods may reach besides the brokers and names, which every client may, and who may reach them.
 * Where IKP's names lead is not known here, so its ports are open to anywhere.
 */
export function bridgePolicy(
    bootstrapServers: readonly string[],
    replicas: number,
    metricsFrom: readonly string[],
): k8s.networking.v1.NetworkPolicySpec {
    const self = { podSelector: { matchLabels: { [COMPONENT_LABEL]: BRIDGE.name } } };
    const tcp = (port: number) => ({ protocol: "TCP", port });
    const ikpPorts = [...new Set(bootstrapServers.map((address) => Number(address.split(":").at(-1))))];
    const peers = replicas > 1 ? [tcp(BRIDGE.ports.peers)] : [];
    const metrics = metricsFrom.map((namespace) => ({
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    }));
    return {
        podSelector: self.podSelector,
        policyTypes: ["Ingress", "Egress"],
        ingress: [
            ...(metrics.length > 0 ? [{ from: metrics, ports: [tcp(BRIDGE.ports.metrics)] }] : []),
            ...(peers.length > 0 ? [{ from: [self], ports: peers }] : []),
        ],
        egress: [
            { ports: ikpPorts.sort((one, other) => one - other).map(tcp) },
            ...(peers.length > 0 ? [{ to: [self], ports: peers }] : []),
        ],
    };
}
