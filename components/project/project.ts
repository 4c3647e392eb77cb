import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import * as pulumi from "@pulumi/pulumi";
import {
    BRIDGE,
    CLIENT_NAMESPACES_ANNOTATION,
    clientNamespaceOf,
    IDENTITIES,
    kafkaBootstrap,
    LAG_EXPORTER,
    principalOf,
    SECRETS,
    type Trust,
} from "../../common/names.ts";
import { replication } from "../../common/replication.ts";
import type { DnsConfig, ProjectConfig } from "../../config/schema/environment.ts";
import { type IkpConfig, ikpFor } from "../../config/schema/ikp.ts";
import type { MonitoringConfig } from "../../config/schema/monitoring.ts";
import { ClientKeys } from "../../provider/resources/clientKeys.ts";
import { NetworkPolicySpecs } from "../../provider/resources/networkPolicySpecs.ts";
import { OperatorKey } from "../../provider/resources/operatorKey.ts";
import { PartitionReassignment } from "../../provider/resources/partitionReassignment.ts";
import { SmokeTest } from "../../provider/resources/smokeTest.ts";
import { digest } from "../digest.ts";
import { splitSettings } from "../kafka/clusterWideSettings.ts";
import { KafkaCluster, reassignmentOf } from "../kafka/kafkaCluster.ts";
import { projectLabels } from "../kubernetes/labels.ts";
import type { KubeTargetInputs } from "../kubernetes/namespaceRef.ts";
import { RESTRICTED } from "../kubernetes/podSecurity.ts";
import { bridgePolicy, MirrorMaker } from "../mirrormaker/mirrorMaker.ts";
import { LagExporter, lagExporterPolicy } from "../monitoring/lagExporter.ts";
import { registerMonitoring } from "../monitoring/monitoring.ts";
import type { Topology } from "../servers/scheduling.ts";
import { CertificateAuthority } from "../tls/certificateAuthority.ts";
import { ZookeeperEnsemble } from "../zookeeper/zookeeperEnsemble.ts";
import { ClientNamespace } from "./clientNamespace.ts";
import { issueClientCertificate, registerClientSecret } from "./clientSecret.ts";
import type { DeletionGuard } from "./deletionGuard.ts";
import { networkPolicies, registerNetworkPolicies } from "./networkPolicies.ts";
import { permissionsOf, registerTopicsAndUsers, usersOf } from "./topicsAndUsers.ts";

export interface ProjectArgs {
    readonly project: ProjectConfig;
    /** Image of ZooKeeper and Kafka, the same for both. */
    readonly image: string;
    readonly topology: Topology;
    readonly deletionGuard: DeletionGuard;
    /** Namespaces whose pods may read the servers' metrics. */
    readonly metricsFrom: readonly string[];
    /** The DNS servers that pods may ask. */
    readonly dns: DnsConfig;
    readonly monitoring: MonitoringConfig;
    /** IKP, if there is one. */
    readonly ikp?: IkpConfig | undefined;
    /** The Kubernetes cluster, for what our own provider does there. */
    readonly target: KubeTargetInputs;
    /** Whether an `up` sends a message through the Project and reads it back. */
    readonly smokeTest: boolean;
    /** Options that lead `unity` to this Kubernetes cluster, such as `--local`. */
    readonly clusterOption: string;
}

/** What an operator needs in order to use a Project. */
export interface ProjectOutputs {
    readonly namespace: string;
    /** host:port for clients inside the Kubernetes cluster. */
    readonly bootstrap: string;
    /** Command that reaches the Project from outside, through the Kubernetes API. */
    readonly fromOutside: string;
    /** Milliseconds of one message to all replicas and back in the last smoke test; null where there was none. */
    readonly latency: number | null;
}

/** A tenant: a namespace with one ZooKeeper ensemble and one Kafka cluster, which nothing else shares, and its clients' Secrets. */
export class Project extends pulumi.ComponentResource {
    public readonly outputs: pulumi.Output<ProjectOutputs>;

    constructor(name: string, args: ProjectArgs, opts?: pulumi.ComponentResourceOptions) {
        super("unity-kafka:index:Project", name, {}, opts);
        const { project, image, topology, deletionGuard, dns, metricsFrom, target } = args;
        const { namespace, kafka, zookeeper, certificates, labels, bridge, lagExporter } = project;
        const ikp = args.ikp && bridge && ikpFor(args.ikp, bridge.ikp);
        const bootstrap = kafkaBootstrap(namespace);
        const common = { project: project.name, labels, namespace, image, topology, deletionGuard, target };
        const clientNamespaces = [
            ...new Set(project.components.flatMap(({ namespaces }) => namespaces)),
        ].sort();

        const kubeNamespace = new Namespace(
            `${name}-namespace`,
            {
                metadata: {
                    name: namespace,
                    labels: { ...projectLabels(project.name), ...RESTRICTED },
                    // The command line reads it, as config is not there where it runs.
                    ...(clientNamespaces.length > 0 && {
                        annotations: { [CLIENT_NAMESPACES_ANNOTATION]: clientNamespaces.join() },
                    }),
                },
            },
            { parent: this, ...deletionGuard.protectProject },
        );
        const inNamespace = { parent: this, dependsOn: kubeNamespace };
        const { protectProject, preventLostClients } = deletionGuard;
        const specs = networkPolicies({
            namespace,
            zookeeperPorts: zookeeper.ports,
            dns,
            metricsFrom,
            clientNamespaces,
            bridge: bridge !== undefined,
            lagExporter: lagExporter !== undefined,
        });
        const registered = registerNetworkPolicies(
            name,
            { project: project.name, namespace, specs },
            { ...inNamespace, hooks: { ...protectProject.hooks, ...preventLostClients.hooks } },
        );
        const monitored = registerMonitoring(
            name,
            { project: project.name, namespace, monitoring: args.monitoring, alerts: project.alerts },
            inNamespace,
        );
        const created = clientNamespaces.includes(clientNamespaceOf(namespace))
            ? [
                  new ClientNamespace(
                      `${name}-clients`,
                      {
                          project: project.name,
                          namespace,
                          dns,
                          deletionGuard,
                          resourceQuota: project.resourceQuota,
                          limitRange: project.limitRange,
                      },
                      { parent: this },
                  ),
              ]
            : [];
        const namespaceRef = { cluster: target, namespace };
        // Those that are registered last too: no broken server keeps an `up` from closing the namespace.
        const lastPolicies = {
            ...(bridge && ikp && { [BRIDGE.name]: bridgePolicy(ikp, bridge.replicas, metricsFrom) }),
            ...(lagExporter && { [LAG_EXPORTER.name]: lagExporterPolicy(metricsFrom) }),
        };
        const policySpecs = new NetworkPolicySpecs(
            `${name}-policy-specs`,
            {
                ...namespaceRef,
                project: project.name,
                policies: { ...specs, ...lastPolicies },
            },
            { parent: this, dependsOn: registered },
        );
        const ca = (issuesFor: Trust) =>
            new CertificateAuthority(
                `${name}-${issuesFor}-ca`,
                { issuesFor, project: project.name, certificates, namespaceRef },
                { parent: this },
            );
        const ensembleCa = ca("ensemble");
        const clusterCa = ca("cluster");
        const operator = principalOf(IDENTITIES.operator, certificates.operatorKey);
        const users = usersOf(project);
        const clients = [
            { name: IDENTITIES.operator, principal: operator, secret: SECRETS.operator },
            ...users,
        ];
        const issued = new Map(
            clients.map(({ name: client, principal, secret }) => [
                secret,
                issueClientCertificate(
                    `${name}-${secret}`,
                    { ca: clusterCa, client, principal },
                    { parent: this },
                ),
            ]),
        );
        const clientSecret = (
            secretName: string,
            namespaces: readonly string[],
            dependsOn: pulumi.Resource[],
        ) =>
            registerClientSecret(
                `${name}-${secretName}`,
                {
                    ...{ project: project.name, namespace, namespaces, secretName, bootstrap },
                    ...{ issued: issued.get(secretName)!, ca: clusterCa },
                },
                { parent: this, dependsOn },
            );
        const superUsers = [IDENTITIES.brokers, operator];
        const operatorKey = new OperatorKey(
            `${name}-operator-key`,
            { ...namespaceRef, principal: operator },
            { ...inNamespace, deletedWith: kubeNamespace },
        );
        const operatorSecret = clientSecret(SECRETS.operator, [namespace], [operatorKey]);
        new ClientKeys(
            `${name}-client-keys`,
            {
                ...namespaceRef,
                project: project.name,
                clients: users.map(({ name: client, secret, namespaces }) => ({
                    name: client,
                    secrets: namespaces.map((each) => `${each}/${secret}`),
                })),
            },
            inNamespace,
        );

        const ensemble = new ZookeeperEnsemble(
            `${name}-zookeeper`,
            { ...common, ensembleCa, zookeeper },
            // No pod runs in a namespace that is open, also for a moment: brokers and the bridge come after the ensemble.
            { parent: this, dependsOn: [kubeNamespace, policySpecs] },
        );
        // Brokers are created after the ensemble and, which matters more, deleted before it: without ZooKeeper none of
        // them can shut down cleanly. Of components they know nothing: no missing namespace of one keeps them from running.
        const cluster = new KafkaCluster(
            `${name}-kafka`,
            {
                ...{ ...common, ensembleCa, clusterCa, kafka, superUsers },
                clients: pulumi.all([...issued.values()].map(({ expiry }) => expiry)),
                zookeeperConnect: ensemble.connectString,
            },
            { parent: this, dependsOn: [ensemble, ...operatorSecret.secrets] },
        );

        // With the namespace everything in Kafka is deleted too, and no broker is left to ask.
        const inKafka = { parent: this, dependsOn: cluster, deletedWith: kubeNamespace };
        const { resources, secrets } = registerTopicsAndUsers(
            name,
            {
                ...{ namespaceRef, project, deletionGuard, superUsers },
                secretOf: ({ secret, namespaces }, after) =>
                    clientSecret(secret, namespaces, [kubeNamespace, ...created, after]),
            },
            inKafka,
        );
        new PartitionReassignment(
            `${name}-reassignment`,
            { cluster: target, ...reassignmentOf(project.name, namespace, kafka) },
            // It takes its time, for which no topic and no user waits; and a topic may get other replicas itself.
            // Nothing depends on it, so a destroy that the deletion guard refuses would have deleted it before.
            { ...inKafka, dependsOn: [cluster, ...resources], ...deletionGuard.protectProject },
        );
        const contents = [...resources];
        const bridgeSecret = secrets.get(IDENTITIES.bridge);
        if (bridgeSecret && bridge && ikp) {
            contents.push(
                new MirrorMaker(
                    `${name}-bridge`,
                    {
                        ...{ ...common, bootstrap, client: bridgeSecret, kafka, ikp, bridge, metricsFrom },
                        topics: project.topics,
                    },
                    { parent: this, dependsOn: [...contents] },
                ),
            );
        }
        const exporterSecret = secrets.get(IDENTITIES.lagExporter);
        if (exporterSecret && lagExporter) {
            contents.push(
                new LagExporter(
                    `${name}-lag-exporter`,
                    { ...common, client: exporterSecret, config: lagExporter, metricsFrom },
                    // Its Secret comes after its ACLs.
                    { parent: this, dependsOn: [cluster, ...exporterSecret.secrets] },
                ),
            );
        }
        const { factor, minInsync } = replication(kafka);
        const { whileRunning } = splitSettings(kafka.config);
        const contentsDigest = pulumi
            .all([operatorSecret, ...secrets.values()].map(({ revision }) => revision))
            .apply((certificates) => {
                const { topics, components } = project;
                // A digest of a password helps to guess it.
                const { ikp: _login, ...replicated } = bridge ?? {};
                const contents = [
                    topics,
                    components,
                    bridge && replicated,
                    specs,
                    certificates,
                    whileRunning,
                ];
                return digest(JSON.stringify(contents));
            });
        const smokeTest = new SmokeTest(
            `${name}-smoke-test`,
            {
                ...namespaceRef,
                replicationFactor: factor,
                minInsyncReplicas: minInsync,
                clients: permissionsOf(users),
                revision: pulumi.interpolate`${ensemble.generation}-${cluster.generation}-${contentsDigest}`,
                enabled: args.smokeTest,
            },
            {
                ...inKafka,
                aliases: [{ name: `${name}-check` }],
                // It reads the Secrets. Deleted before them, it keeps them where the deletion guard keeps it.
                dependsOn: [
                    cluster,
                    ...contents,
                    ...monitored,
                    ...[operatorSecret, ...secrets.values()].flatMap((each) => each.secrets),
                ],
                ...deletionGuard.protectProject,
            },
        );

        this.outputs = pulumi
            .all([kubeNamespace.metadata.name, smokeTest.latency])
            .apply(([created, latency]) => ({
                namespace: created,
                bootstrap,
                fromOutside: `unity ${args.clusterOption} --namespace ${created} FILENAME`,
                latency,
            }));
        this.registerOutputs({ outputs: this.outputs });
    }
}
