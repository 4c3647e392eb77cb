import { createHash } from "node:crypto";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import * as pulumi from "@pulumi/pulumi";
import { IDENTITIES, INSTANCE_LABELS, kafkaBootstrap, PROJECT_LABEL, SECRETS } from "../../common/names.ts";
import { replication } from "../../common/replication.ts";
import type { ProjectConfig } from "../../config/schema/environment.ts";
import type { IkpConfig } from "../../config/schema/ikp.ts";
import { KafkaUser } from "../../provider/resources/kafkaUser.ts";
import { SmokeTest } from "../../provider/resources/smokeTest.ts";
import { Topic } from "../../provider/resources/topic.ts";
import { KafkaCluster } from "../kafka/kafkaCluster.ts";
import type { ClusterTarget } from "../kubernetes/namespaceRef.ts";
import { MirrorMaker } from "../mirrormaker/mirrorMaker.ts";
import { bridgeAcls } from "../mirrormaker/properties.ts";
import type { Topology } from "../servers/scheduling.ts";
import { Trust } from "../tls/certificateAuthority.ts";
import { ZookeeperEnsemble } from "../zookeeper/zookeeperEnsemble.ts";
import { registerClientSecret } from "./clientSecret.ts";
import type { DeletionGuard } from "./deletionGuard.ts";
import { registerNetworkPolicies } from "./networkPolicies.ts";

export interface ProjectArgs {
    readonly project: ProjectConfig;
    /** Image of ZooKeeper and Kafka, the same for both. */
    readonly image: string;
    readonly topology: Topology;
    readonly guard: DeletionGuard;
    /** Namespaces whose pods may read the servers' metrics. */
    readonly metricsFrom: readonly string[];
    /** IKP, where the Project has a bridge to it. */
    readonly ikp?: IkpConfig | undefined;
    /** The cluster, for what is within its Kafka. */
    readonly target: ClusterTarget;
    /** Whether an `up` proves that the Project works. */
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
    /** Milliseconds of one message, there with all copies and back, when it was last checked; null if never. */
    readonly latency: number | null;
}

/** A short text that differs where the values do. */
function digest(values: unknown): string {
    return createHash("sha256").update(JSON.stringify(values)).digest("hex").slice(0, 10);
}

/** A tenant: a namespace with one ZooKeeper ensemble and one Kafka cluster, which nothing else shares. */
export class Project extends pulumi.ComponentResource {
    public readonly outputs: pulumi.Output<ProjectOutputs>;

    constructor(name: string, args: ProjectArgs, opts?: pulumi.ComponentResourceOptions) {
        super("unity-kafka:index:Project", name, {}, opts);
        const { project, image, topology, guard, metricsFrom, ikp, target, smokeTest, clusterOption } = args;
        const { namespace } = project;
        const common = { project: project.name, namespace, image, topology, guard, target };

        const home = new Namespace(
            `${name}-namespace`,
            {
                metadata: {
                    name: namespace,
                    labels: {
                        ...INSTANCE_LABELS,
                        [PROJECT_LABEL]: project.name,
                        "pod-security.kubernetes.io/enforce": "restricted",
                        "pod-security.kubernetes.io/enforce-version": "v1.34",
                    },
                },
            },
            { parent: this, ...guard.protectProject },
        );
        const inside = { parent: this, dependsOn: home };
        registerNetworkPolicies(
            name,
            { project: project.name, namespace, zookeeperPorts: project.zookeeper.ports, metricsFrom },
            { ...inside, ...guard.protectProject },
        );
        const ensembleTrust = new Trust("ensemble", name, project.certificates, { parent: this });
        const trust = new Trust("cluster", name, project.certificates, { parent: this });
        const bootstrap = kafkaBootstrap(namespace);
        const clients = [
            { secret: SECRETS.operator, commonName: IDENTITIES.operator },
            ...project.components.map((component) => ({
                secret: SECRETS.component(component.name),
                commonName: component.name,
            })),
            ...(project.bridge ? [{ secret: SECRETS.bridge, commonName: IDENTITIES.bridge }] : []),
        ];
        const clientSecrets = clients.map((client) =>
            registerClientSecret(
                `${name}-${client.secret}`,
                { project: project.name, namespace, ...client, bootstrap, trust },
                inside,
            ),
        );
        const ensemble = new ZookeeperEnsemble(
            `${name}-zookeeper`,
            { ...common, trust: ensembleTrust, zookeeper: project.zookeeper },
            inside,
        );
        // Brokers are made after the ensemble and, which matters more, unmade before it: without ZooKeeper
        // none of them can shut down cleanly. Nor does a client's Secret go where the guard keeps the brokers.
        const cluster = new KafkaCluster(
            `${name}-kafka`,
            {
                ...common,
                zookeeperConnect: ensemble.connectString,
                ensembleTrust,
                trust,
                kafka: project.kafka,
            },
            { parent: this, dependsOn: [ensemble, ...clientSecrets.map(({ secret }) => secret)] },
        );

        const place = { cluster: target, namespace };
        // Where the namespace goes there is nobody left to ask.
        const inKafka = { parent: this, dependsOn: cluster, deletedWith: home };
        const contents: pulumi.Resource[] = [
            ...project.topics.map(
                ({ name: topic, ...settings }) =>
                    new Topic(
                        `${name}-topic-${topic}`,
                        { ...place, topic, ...settings },
                        { ...inKafka, ...guard.protectTopic },
                    ),
            ),
            ...project.components.map(
                ({ name: principal, ...permissions }) =>
                    new KafkaUser(
                        `${name}-access-${principal}`,
                        { ...place, principal, ...permissions },
                        inKafka,
                    ),
            ),
        ];
        const { bridge } = project;
        if (bridge && ikp) {
            const { bridge: principal } = IDENTITIES;
            const acls = bridgeAcls(bridge);
            const access = new KafkaUser(
                `${name}-access-bridge`,
                { ...place, principal, produce: [], consume: [], groups: [], quotas: {}, acls },
                inKafka,
            );
            contents.push(access);
            const { secret, certificate, notAfter } = clientSecrets.at(-1)!;
            const carrier = new MirrorMaker(
                `${name}-bridge`,
                {
                    ...common,
                    bootstrap,
                    clientSecret: secret.metadata.name,
                    clientRevision: pulumi.all([certificate, trust.authorities]).apply(digest),
                    notAfter,
                    kafka: project.kafka,
                    ikp,
                    bridge,
                    metricsFrom,
                },
                { parent: this, dependsOn: contents },
            );
            contents.push(carrier);
        }
        const { factor, minInsync } = replication(project.kafka);
        const check = new SmokeTest(
            `${name}-check`,
            {
                ...place,
                replicationFactor: factor,
                minInsyncReplicas: minInsync,
                revision: pulumi
                    .all([ensemble.generation, cluster.generation])
                    .apply((generations) =>
                        [...generations, digest([project.topics, project.components])].join("-"),
                    ),
                enabled: smokeTest,
            },
            { ...inKafka, dependsOn: [cluster, ...contents], ...guard.protectProject },
        );

        this.outputs = pulumi.all([home.metadata.name, check.latency]).apply(([created, latency]) => ({
            namespace: created,
            bootstrap,
            fromOutside: `unity ${clusterOption} --namespace ${created} FILENAME`,
            latency,
        }));
        this.registerOutputs({ outputs: this.outputs });
    }
}
