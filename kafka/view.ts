import { accessOf, readClientSecret } from "./access.ts";
import { addressOf } from "./connect.ts";
import type { KafkaView } from "./health.ts";
import { KafkajsKafka } from "./kafkajsKafka.ts";
import type { Cluster } from "./kube.ts";
import { metadata } from "./metadata.ts";
import type { ProjectPlace } from "./projects.ts";
import { ask } from "./protocol.ts";

/** Connects with a Project's Kafka as its operator, to look at it. */
export async function openView(cluster: Cluster, place: ProjectPlace): Promise<KafkaView> {
    const ssl = accessOf(await readClientSecret(cluster, place.namespace));
    const address = addressOf(cluster, place, ssl);
    return { kafka: new KafkajsKafka(address), metadata: () => ask(address, metadata()) };
}
