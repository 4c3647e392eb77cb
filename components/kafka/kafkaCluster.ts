import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";
import { IDENTITIES, KAFKA, serverAddress, serviceNames } from "../../common/names.ts";
import { rateOf } from "../../common/quantity.ts";
import { replication } from "../../common/replication.ts";
import type { KafkaConfig } from "../../config/schema/kafka.ts";
import { BrokerDecommission } from "../../provider/resources/brokerDecommission.ts";
import type { ReassignmentInputs } from "../../provider/resources/partitionReassignment.ts";
import { formerSibling } from "../aliases.ts";
import { digest } from "../digest.ts";
import { projectLabels } from "../kubernetes/labels.ts";
import type { KubeTargetInputs } from "../kubernetes/namespaceRef.ts";
import type { Expiry } from "../monitoring/certificateExpiry.ts";
import { kafkaMetrics } from "../monitoring/jmxExporter.ts";
import type { DeletionGuard } from "../project/deletionGuard.ts";
import { java, javaFiles } from "../servers/java.ts";
import type { Topology } from "../servers/scheduling.ts";
import { StatefulServers } from "../servers/statefulServers.ts";
import { REASSIGNMENT_END } from "../timeouts.ts";
import type { CertificateAuthority } from "../tls/certificateAuthority.ts";
import { registerServerSecret } from "../tls/serverSecret.ts";
import { ENSEMBLE_TLS } from "../zookeeper/zooCfg.ts";
import { READINESS_FOLDER, readinessScript } from "./readinessProbe.ts";
import { CLUSTER_TLS, KAFKA_DATA, KAFKA_VOLUME, listeners, serverProperties } from "./serverProperties.ts";

const FILES = "/etc/kafka";
/** Where the ConfigMap is that the metrics agent reads. */
const METRICS = "/etc/kafka-metrics";
const READINESS_SCRIPT = "readiness.sh";

export interface KafkaClusterArgs {
    /** Name of the Project. */
    readonly project: string;
    /** Labels of its pods and PVCs. */
    readonly labels: Readonly<Record<string, string>>;
    /** Namespace of the Project; plain, because the brokers' names are made from it. */
    readonly namespace: string;
    /** Image with Kafka in /opt/kafka/libs and java on PATH. */
    readonly image: string;
    readonly topology: Topology;
    readonly deletionGuard: DeletionGuard;
    readonly target: KubeTargetInputs;
    /** Comma-separated host:port list of the ensemble. */
    readonly zookeeperConnect: string;
    /** CA of ZooKeeper's servers and of the brokers as their clients. */
    readonly ensembleCa: CertificateAuthority;
    /** CA of the brokers and of the Project's clients. */
    readonly clusterCa: CertificateAuthority;
    readonly kafka: KafkaConfig;
    /** Principals that the brokers allow everything. */
    readonly superUsers: readonly string[];
    /** When the certificates of its clients expire. */
    readonly clients: pulumi.Input<readonly Expiry[]>;
}

/** A Project's Kafka cluster in ZooKeeper mode. A broker's id is its pod's ordinal, its rack the zone of its node. */
export class KafkaCluster extends pulumi.ComponentResource {
    /** Counts the changes of the brokers. */
    public readonly generation: pulumi.Output<number>;

    constructor(name: string, args: KafkaClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("unity-kafka:index:KafkaCluster", name, {}, opts);
        const { kafka, namespace, project, clusterCa, ensembleCa } = args;
        const { client, brokers, metrics } = KAFKA.ports;
        const secrets = { namespace, labels: projectLabels(project, KAFKA.name) };
        const certificate = clusterCa.issue(
            `${name}-certificate`,
            {
                commonName: IDENTITIES.brokers,
                dnsNames: [
                    ...serviceNames(KAFKA.bootstrap, namespace),
                    ...serviceNames(`*.${KAFKA.brokers}`, namespace),
                ],
                usages: ["server", "client"],
            },
            { parent: this, aliases: [formerSibling(`${name}-certificate`, opts)] },
        );
        const secret = registerServerSecret(
            `${name}-tls`,
            { ...secrets, prefix: `${KAFKA.name}-tls`, certificate, ca: clusterCa },
            { parent: this },
        );
        const ensembleCertificate = ensembleCa.issue(
            `${name}-zookeeper-certificate`,
            { commonName: IDENTITIES.brokers, dnsNames: [], usages: ["client"] },
            { parent: this, aliases: [formerSibling(`${name}-zookeeper-certificate`, opts)] },
        );
        const ensembleSecret = registerServerSecret(
            `${name}-zookeeper-tls`,
            {
                ...secrets,
                prefix: `${KAFKA.name}-zookeeper-tls`,
                certificate: ensembleCertificate,
                ca: ensembleCa,
            },
            { parent: this },
        );
        const read = pulumi
            .all([certificate.notAfter, ensembleCertificate.notAfter, clusterCa.expiry, ensembleCa.expiry])
            .apply(([own, ofClient, cluster, ensemble]): Expiry[] => [
                { certificate: "server", name: KAFKA.name, expiresAt: own },
                { certificate: "server", name: `${KAFKA.name}-zookeeper`, expiresAt: ofClient },
                ...cluster,
                ...ensemble,
            ]);
        // The agent reads it again when a client's certificate is renewed, so no broker restarts for that. With what brokers
        // read at their start it changes its name, which restarts them: until then each tells what it has read.
        const metricsName = read.apply((own) => `${KAFKA.name}-metrics-${digest(JSON.stringify(own))}`);
        const metricsMap = new ConfigMap(
            `${name}-metrics`,
            {
                metadata: { name: metricsName, namespace, labels: projectLabels(project, KAFKA.name) },
                data: {
                    "metrics.yaml": pulumi
                        .all([read, args.clients])
                        .apply(([own, clients]) => kafkaMetrics([...own, ...clients])),
                },
            },
            { parent: this },
        );
        const decommission = new BrokerDecommission(
            `${name}-decommission`,
            { cluster: args.target, ...reassignmentOf(project, namespace, kafka) },
            { parent: this },
        );
        const servers = new StatefulServers(
            `${name}-servers`,
            {
                statefulSet: KAFKA.name,
                project,
                labels: args.labels,
                namespace,
                replicas: kafka.brokers,
                image: args.image,
                start: pulumi.output(args.topology.racks).apply((racks) => startScript(args, racks)),
                ports: { client, brokers, metrics },
                headlessService: { name: KAFKA.brokers, ports: ["client", "brokers", "metrics"] },
                clientService: { name: KAFKA.bootstrap, ports: ["client"] },
                files: {
                    [READINESS_SCRIPT]: readinessScript(),
                    ...javaFiles(kafka.logLevel),
                    "server.properties": serverProperties(kafka, args.zookeeperConnect, args.superUsers),
                },
                filesPath: FILES,
                configMaps: { metrics: { mountPath: METRICS, name: metricsName } },
                certificates: { [CLUSTER_TLS]: secret, [ENSEMBLE_TLS]: ensembleSecret },
                cas: [clusterCa, ensembleCa],
                volumePath: KAFKA_VOLUME,
                probes: {
                    // The port opens when the log has been recovered, however long that takes.
                    startup: { ...kafka.probes.startup, tcpSocket: { port: "client" } },
                    liveness: { ...kafka.probes.liveness, tcpSocket: { port: "client" } },
                    readiness: {
                        ...kafka.probes.readiness,
                        exec: { command: ["sh", `${FILES}/${READINESS_SCRIPT}`] },
                    },
                },
                cpu: kafka.cpu,
                memory: kafka.memory,
                disk: kafka.disk,
                topology: args.topology,
                deletionGuard: args.deletionGuard,
                target: args.target,
                terminationGracePeriodSeconds: kafka.terminationGracePeriodSeconds,
            },
            { parent: this, dependsOn: [metricsMap, decommission] },
        );

        this.generation = servers.generation;
        this.registerOutputs({ generation: this.generation });
    }
}

/** How the partitions of a Project are reassigned, before and after it gets another number of brokers. */
export function reassignmentOf(
    project: string,
    namespace: string,
    kafka: KafkaConfig,
): Omit<ReassignmentInputs, "cluster"> {
    return {
        project,
        namespace,
        brokers: kafka.brokers,
        replicationFactor: replication(kafka).factor,
        throttle: rateOf(kafka.reassignment.throttle)!,
        timeout: REASSIGNMENT_END,
        verify: !pulumi.runtime.isDryRun(),
    };
}

/** Fails where the rack is unknown: with racks for some brokers only, Kafka creates no topic. */
const ZONE_REQUIRED =
    "The pod does not know the zone of its node: Kubernetes tells it from version 1.35 on. Set unity-kafka:racks to false until then.";

function startScript({ kafka, namespace }: KafkaClusterArgs, racks: boolean): string {
    const self = serverAddress(KAFKA.name, "$ORDINAL", KAFKA.brokers, namespace);
    const command = java({
        mainClass: `kafka.Kafka ${FILES}/server.properties`,
        heap: kafka.heap,
        files: FILES,
        metricsFiles: METRICS,
        metricsPort: KAFKA.ports.metrics,
        options: kafka.jvmOptions,
    });
    const overrides = [
        "broker.id=$ORDINAL",
        `advertised.listeners=${listeners((listener, port) => `${listener}://${self}:${port}`)}`,
        ...(racks ? ['broker.rack="$ZONE"'] : []),
    ];
    return [
        ...(racks ? [`[ -n "$ZONE" ] || { echo "${ZONE_REQUIRED}"; exit 1; }`] : []),
        `mkdir -p ${KAFKA_DATA}`,
        `rm -rf ${READINESS_FOLDER}`,
        [command, ...overrides.map((override) => `  --override ${override}`)].join(" \\\n"),
    ].join("\n");
}
