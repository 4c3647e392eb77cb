import * as pulumi from "@pulumi/pulumi";
import type { KafkaConfig } from "../config/kafka.ts";
import { CLUSTER_DOMAIN, KAFKA, serverAddress } from "../config/names.ts";
import { CAUGHT_UP, caughtUpScript } from "./caughtUp.ts";
import type { Guard } from "./guard.ts";
import { java } from "./jvm.ts";
import { log4jProperties } from "./log4j.ts";
import { kafkaMetrics } from "./metrics.ts";
import type { Placement } from "./placement.ts";
import { KAFKA_DATA, KAFKA_VOLUME, serverProperties } from "./serverProperties.ts";
import { registerServerSet } from "./serverSet.ts";

const FILES = "/etc/kafka";

export interface KafkaClusterArgs {
    /** Name of the Project. */
    readonly project: string;
    /** Namespace of the Project; plain, because the brokers' names are made from it. */
    readonly namespace: string;
    /** Image with Kafka in /opt/kafka/libs and java on PATH. */
    readonly image: string;
    readonly placement: Placement;
    readonly guard: Guard;
    /** Comma-separated host:port list of the ensemble. */
    readonly zookeeperConnect: string;
    readonly kafka: KafkaConfig;
}

/** A Project's Kafka cluster in ZooKeeper mode. A broker's id is its pod's ordinal, its rack the zone of its node. */
export class KafkaCluster extends pulumi.ComponentResource {
    /** host:port for a client's first connection, inside the Kubernetes cluster. */
    public readonly bootstrap: string;

    constructor(name: string, args: KafkaClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("unity-kafka:index:KafkaCluster", name, {}, opts);
        const { kafka, namespace } = args;
        const { client, metrics } = KAFKA.ports;
        const self = serverAddress(KAFKA.name, "$ORDINAL", KAFKA.brokers, namespace);

        registerServerSet(
            name,
            {
                set: KAFKA.name,
                project: args.project,
                namespace,
                replicas: kafka.brokers,
                image: args.image,
                start: [
                    `mkdir -p ${KAFKA_DATA}`,
                    `rm -f ${CAUGHT_UP}`,
                    `${java({
                        mainClass: `kafka.Kafka ${FILES}/server.properties`,
                        heap: kafka.heap,
                        files: FILES,
                        metricsPort: metrics,
                        options: kafka.jvmOptions,
                    })} \\`,
                    "  --override broker.id=$ORDINAL \\",
                    `  --override advertised.listeners=PLAINTEXT://${self}:${client} \\`,
                    // Where nodes have no zone, or the API server does not copy it, brokers have no rack.
                    `  \${ZONE:+--override broker.rack="$ZONE"}`,
                ].join("\n"),
                ports: { client, metrics },
                headless: { name: KAFKA.brokers, ports: ["client", "metrics"] },
                front: { name: KAFKA.bootstrap, ports: ["client"] },
                files: {
                    "caught-up.sh": caughtUpScript(),
                    "log4j.properties": log4jProperties(kafka.logLevel),
                    "metrics.yaml": kafkaMetrics(),
                    "server.properties": serverProperties(kafka, args.zookeeperConnect),
                },
                filesPath: FILES,
                volumePath: KAFKA_VOLUME,
                probes: {
                    // The port opens when the log has been recovered, however long that takes.
                    startup: { ...kafka.probes.startup, tcpSocket: { port: "client" } },
                    liveness: { ...kafka.probes.liveness, tcpSocket: { port: "client" } },
                    readiness: {
                        ...kafka.probes.readiness,
                        exec: { command: ["sh", `${FILES}/caught-up.sh`] },
                    },
                },
                cpu: kafka.cpu,
                memory: kafka.memory,
                disk: kafka.disk,
                placement: args.placement,
                guard: args.guard,
                terminationGracePeriodSeconds: kafka.terminationGracePeriodSeconds,
            },
            { parent: this },
        );

        this.bootstrap = `${KAFKA.bootstrap}.${namespace}.svc.${CLUSTER_DOMAIN}:${client}`;
        this.registerOutputs({ bootstrap: this.bootstrap });
    }
}
