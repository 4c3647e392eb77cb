import { metadata } from "./admin/metadata.ts";
import { ask } from "./admin/protocol.ts";
import { KafkajsKafka } from "./client/kafkajsKafka.ts";
import type { KafkaConnection } from "./health.ts";
import { clientCertificateOf, readClientSecret } from "./kubernetes/clientSecrets.ts";
import type { KubeCluster } from "./kubernetes/cluster.ts";
import type { ProjectRef } from "./kubernetes/projects.ts";
import { addressOf } from "./open.ts";

/** Connects with a Project's Kafka as its operator, to look at it. */
export async function openView(cluster: KubeCluster, place: ProjectRef): Promise<KafkaConnection> {
    const ssl = clientCertificateOf(await readClientSecret(cluster, place.namespace));
    const address = addressOf(cluster, place, ssl);
    return { kafka: new KafkajsKafka(address), metadata: () => ask(address, metadata()) };
}
