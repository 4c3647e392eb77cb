import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import * as pulumi from "@pulumi/pulumi";
import type { ProjectConfig } from "../config/environment.ts";
import { INSTANCE_LABELS, PROJECT_LABEL } from "../config/names.ts";
import type { Guard } from "./guard.ts";
import { KafkaCluster } from "./kafkaCluster.ts";
import type { Placement } from "./placement.ts";
import { ZookeeperEnsemble } from "./zookeeperEnsemble.ts";

export interface ProjectArgs {
    readonly project: ProjectConfig;
    /** Image of ZooKeeper and Kafka, the same for both. */
    readonly image: string;
    readonly placement: Placement;
    readonly guard: Guard;
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
}

/** A tenant: a namespace with one ZooKeeper ensemble and one Kafka cluster, which nothing else shares. */
export class Project extends pulumi.ComponentResource {
    public readonly outputs: pulumi.Output<ProjectOutputs>;

    constructor(name: string, args: ProjectArgs, opts?: pulumi.ComponentResourceOptions) {
        super("unity-kafka:index:Project", name, {}, opts);
        const { project, image, placement, guard, clusterOption } = args;
        const { namespace } = project;
        const common = { project: project.name, namespace, image, placement, guard };

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
            { parent: this, ...guard.keepProject },
        );
        const ensemble = new ZookeeperEnsemble(
            `${name}-zookeeper`,
            { ...common, zookeeper: project.zookeeper },
            { parent: this, dependsOn: home },
        );
        // Brokers are made after the ensemble and, which matters more, unmade before it: without ZooKeeper
        // none of them can shut down cleanly.
        const cluster = new KafkaCluster(
            `${name}-kafka`,
            { ...common, zookeeperConnect: ensemble.connectString, kafka: project.kafka },
            { parent: this, dependsOn: ensemble },
        );

        this.outputs = home.metadata.name.apply((created) => ({
            namespace: created,
            bootstrap: cluster.bootstrap,
            fromOutside: `unity ${clusterOption} --namespace ${created} FILENAME`,
        }));
        this.registerOutputs({ outputs: this.outputs });
    }
}
