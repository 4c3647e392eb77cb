import { KAFKA, serverAddress } from "../common/names.ts";
import type { KafkaAddress, TlsOptions } from "./client/kafkajs.ts";
import { type DebugLog, KafkajsKafka } from "./client/kafkajsKafka.ts";
import { clientCertificateOf, readClientSecret } from "./kubernetes/clientSecrets.ts";
import type { KubeCluster } from "./kubernetes/cluster.ts";
import { findProject, type ProjectRef } from "./kubernetes/projects.ts";
import { forwardingDenied, forwardingSocketFactory, kubernetesDialler } from "./kubernetes/socketFactory.ts";

export interface OpenProjectKafka {
    readonly project: ProjectRef;
    readonly kafka: KafkajsKafka;
}

/**
 * The Kafka of a Project, as its operator, through the Kubernetes API. It takes the permissions to read the
 * Project's StatefulSet and Secret `kafka-operator` and to `create pods/portforward` in its namespace. The brokers
 * are connected to when they are first used; the caller closes it.
 *
 * @param project the Project, or its namespace; default: the only Project there is
 * @param debug gets all that the client library logs; default: nobody
 * @throws ConnectionError when there is no such Project, or its Secret cannot be read
 */
export async function openProjectKafka(
    cluster: KubeCluster,
    project?: ProjectRef | string,
    debug?: DebugLog,
): Promise<OpenProjectKafka> {
    const found = typeof project === "object" ? project : await findProject(cluster, project);
    const secret = await readClientSecret(cluster, found.namespace);
    const address = addressOf(cluster, found, clientCertificateOf(secret));
    return { project: found, kafka: new KafkajsKafka(address, debug) };
}

/** The brokers' advertised names, and how to reach them through the Kubernetes API. Connects to nothing yet. */
export function addressOf(
    cluster: KubeCluster,
    { namespace, brokers }: ProjectRef,
    ssl: TlsOptions,
): KafkaAddress {
    const hosts = Array.from(
        { length: brokers },
        (_, ordinal) =>
            `${serverAddress(KAFKA.name, ordinal, KAFKA.brokers, namespace)}:${KAFKA.ports.client}`,
    );
    const accessDenied = new AbortController();
    const dialler = kubernetesDialler(cluster.config, (status) => {
        accessDenied.abort(forwardingDenied(namespace, status));
    });
    const socketFactory = forwardingSocketFactory(dialler);
    return { brokers: hosts, ssl, socketFactory, accessDenied: accessDenied.signal };
}
