import * as pulumi from "@pulumi/pulumi";
import { IDENTITIES, serverAddress, serviceNames, ZOOKEEPER } from "../../common/names.ts";
import { ZOOKEEPER_VOLUME, type ZookeeperConfig } from "../../config/schema/zookeeper.ts";
import { EnsembleSize } from "../../provider/resources/ensembleSize.ts";
import { ZookeeperInitialization } from "../../provider/resources/zookeeperInitialization.ts";
import { formerSibling } from "../aliases.ts";
import { projectLabels } from "../kubernetes/labels.ts";
import type { KubeTargetInputs } from "../kubernetes/namespaceRef.ts";
import { zookeeperMetrics } from "../monitoring/jmxExporter.ts";
import type { DeletionGuard } from "../project/deletionGuard.ts";
import { java, javaFiles } from "../servers/java.ts";
import type { Topology } from "../servers/scheduling.ts";
import { StatefulServers } from "../servers/statefulServers.ts";
import { STEP_MINUTES } from "../timeouts.ts";
import type { CertificateAuthority } from "../tls/certificateAuthority.ts";
import { registerServerSecret } from "../tls/serverSecret.ts";
import { initializeVariable, startScript } from "./startScript.ts";
import { ENSEMBLE_TLS, zooCfg } from "./zooCfg.ts";

const FILES = "/etc/zookeeper";
/** As the ZooKeeper guide for Kubernetes calls it. A port's name has 15 characters at most. */
const ELECTION_PORT = "leader-election";
/** Servers that brokers know: those of the smallest ensemble. */
const CONNECTED = 3;

export interface ZookeeperEnsembleArgs {
    /** Name of the Project. */
    readonly project: string;
    /** Labels of its pods and PVCs. */
    readonly labels: Readonly<Record<string, string>>;
    /** Namespace of the Project; plain, because the servers' names are made from it. */
    readonly namespace: string;
    /** Image with ZooKeeper in /opt/kafka/libs and java on PATH. */
    readonly image: string;
    readonly topology: Topology;
    readonly deletionGuard: DeletionGuard;
    readonly target: KubeTargetInputs;
    /** CA of the servers and of the brokers as their clients. */
    readonly ensembleCa: CertificateAuthority;
    readonly zookeeper: ZookeeperConfig;
}

/** A Project's ZooKeeper ensemble: an odd number of servers, one per host, that its Kafka cluster alone uses. */
export class ZookeeperEnsemble extends pulumi.ComponentResource {
    /** Comma-separated host:port list for Kafka's `zookeeper.connect`. */
    public readonly connectString: string;
    /** Counts the changes of the servers. */
    public readonly generation: pulumi.Output<number>;

    constructor(name: string, args: ZookeeperEnsembleArgs, opts?: pulumi.ComponentResourceOptions) {
        super("unity-kafka:index:ZookeeperEnsemble", name, {}, opts);
        const { zookeeper, namespace, project, ensembleCa } = args;
        const { client, commands, server, election, metrics } = zookeeper.ports;
        const certificate = ensembleCa.issue(
            `${name}-certificate`,
            {
                commonName: IDENTITIES.zookeeper,
                dnsNames: [
                    ...serviceNames(ZOOKEEPER.client, namespace),
                    ...serviceNames(`*.${ZOOKEEPER.nodes}`, namespace),
                ],
                usages: ["server", "client"],
            },
            { parent: this, aliases: [formerSibling(`${name}-certificate`, opts)] },
        );
        const secret = registerServerSecret(
            `${name}-tls`,
            {
                namespace,
                labels: projectLabels(project, ZOOKEEPER.name),
                prefix: `${ZOOKEEPER.name}-tls`,
                certificate,
                ca: ensembleCa,
            },
            { parent: this },
        );
        // A server that hangs still takes connections, and `nc` would wait for its answer for ever.
        const command = (word: string, answer: string) => [
            "sh",
            "-c",
            `echo ${word} | timeout 4 nc 127.0.0.1 ${commands} | grep -E '${answer}'`,
        ];

        const inNamespace = { cluster: args.target, namespace, project, verify: !pulumi.runtime.isDryRun() };
        const initialization = new ZookeeperInitialization(`${name}-initialization`, inNamespace, {
            parent: this,
        });
        const size = new EnsembleSize(
            `${name}-size`,
            { ...inNamespace, servers: zookeeper.servers, timeout: STEP_MINUTES.ensembleSize },
            { parent: this },
        );
        const servers = new StatefulServers(
            `${name}-servers`,
            {
                statefulSet: ZOOKEEPER.name,
                project,
                labels: args.labels,
                namespace,
                replicas: zookeeper.servers,
                image: args.image,
                start: startScript(
                    zookeeper,
                    java({
                        mainClass: `org.apache.zookeeper.server.quorum.QuorumPeerMain ${FILES}/zoo.cfg`,
                        heap: zookeeper.heap,
                        files: FILES,
                        metricsPort: metrics,
                        options: [
                            `-Dzookeeper.electionPortBindRetry=${zookeeper.electionPortBindRetry}`,
                            ...zookeeper.jvmOptions,
                        ],
                    }),
                ),
                env: [initializeVariable],
                ports: { client, server, [ELECTION_PORT]: election, metrics },
                headlessService: {
                    name: ZOOKEEPER.nodes,
                    ports: ["client", "server", ELECTION_PORT, "metrics"],
                },
                clientService: { name: ZOOKEEPER.client, ports: ["client"] },
                files: {
                    ...javaFiles(zookeeper.logLevel),
                    "metrics.yaml": pulumi
                        .all([certificate.notAfter, ensembleCa.expiry])
                        .apply(([expiresAt, cas]) =>
                            zookeeperMetrics([
                                { certificate: "server", name: ZOOKEEPER.name, expiresAt },
                                ...cas,
                            ]),
                        ),
                    "zoo.cfg": zooCfg(zookeeper, namespace),
                },
                filesPath: FILES,
                certificates: { [ENSEMBLE_TLS]: secret },
                cas: [ensembleCa],
                volumePath: ZOOKEEPER_VOLUME,
                probes: {
                    startup: { ...zookeeper.probes.startup, tcpSocket: { port: "client" } },
                    liveness: { ...zookeeper.probes.liveness, exec: { command: command("ruok", "^imok") } },
                    // A server outside the quorum still says imok.
                    readiness: {
                        ...zookeeper.probes.readiness,
                        exec: { command: command("srvr", "^Mode: (leader|follower|standalone)") },
                    },
                },
                cpu: zookeeper.cpu,
                memory: zookeeper.memory,
                disk: zookeeper.disk,
                topology: args.topology,
                deletionGuard: args.deletionGuard,
                target: args.target,
                terminationGracePeriodSeconds: zookeeper.terminationGracePeriodSeconds,
            },
            { parent: this, dependsOn: [initialization, size] },
        );

        // No broker restarts where an ensemble grows or shrinks: of five, every majority has one of the first three.
        this.connectString = Array.from(
            { length: Math.min(zookeeper.servers, CONNECTED) },
            (_, ordinal) => `${serverAddress(ZOOKEEPER.name, ordinal, ZOOKEEPER.nodes, namespace)}:${client}`,
        ).join(",");
        this.generation = servers.generation;
        this.registerOutputs({ connectString: this.connectString, generation: this.generation });
    }
}
