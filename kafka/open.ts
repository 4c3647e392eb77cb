import { KAFKA, serverAddress } from "../common/names.ts";
import { type DebugLog, type KafkaAddress, KafkajsKafka } from "./client/kafkajsKafka.ts";
import type { ProjectKafka } from "./client/projectKafka.ts";
import { ConnectionError } from "./errors.ts";
import type { KubeCluster } from "./kubernetes/cluster.ts";
import type { ProjectRef } from "./kubernetes/projects.ts";
import { forwardingSocketFactory, kubernetesDialler } from "./kubernetes/socketFactory.ts";

/** How to speak with the brokers. */
export interface ConnectionOptions {
    /** Client certificate and authorities; default: no TLS. */
    readonly ssl?: KafkaAddress["ssl"];
    /** Gets all that the client library logs; default: nobody. */
    readonly debug?: DebugLog | undefined;
}

/**
 * Where a Project's brokers are, through the Kubernetes API. Asks nobody yet.
 */
export function addressOf(
    cluster: KubeCluster,
    { namespace, brokers }: ProjectRef,
    ssl?: KafkaAddress["ssl"],
): KafkaAddress & { readonly accessDenied: AbortSignal } {
    const hosts = Array.from(
        { length: brokers },
        (_, ordinal) =>
            `${serverAddress(KAFKA.name, ordinal, KAFKA.brokers, namespace)}:${KAFKA.ports.client}`,
    );
    const barrier = new AbortController();
    const dialler = kubernetesDialler(cluster.config, (status) => {
        const what = `You may not forward ports into the pods of namespace "${namespace}" (HTTP ${status})`;
        const advice = "Ask for the right to create pods/portforward in it";
        barrier.abort(new ConnectionError("cluster", what, advice));
    });
    const socketFactory = forwardingSocketFactory(dialler);
    return { brokers: hosts, ssl, socketFactory, accessDenied: barrier.signal };
}

/**
 * The Kafka of a Project, through the Kubernetes API: all it needs is the right to `create pods/portforward` in the
 * Project's namespace. Connects only when it is used.
 */
export function connectThroughKubernetes(
    cluster: KubeCluster,
    place: ProjectRef,
    options: ConnectionOptions = {},
): ProjectKafka {
    return new KafkajsKafka(addressOf(cluster, place, options.ssl), options.debug);
}
