import { createFilledTopic } from "./brokerFaults.ts";
import type { Kubernetes } from "./cluster.ts";
import { BRING_UP_TIMEOUT, GREEN, othersDone, sharedEnvironment } from "./environment.ts";
import { adminTool, TOPICS } from "./kafkaTools.ts";

/** Gives the tests of a suite the shared environment, with such a topic in green while they run. Returns the cluster. */
export function withFilledTopic(topic: string, records: number): () => Kubernetes {
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
        await othersDone();
        await createFilledTopic(k, GREEN, topic, records);
    });
    after(() => adminTool(k, GREEN, TOPICS, "--delete", "--topic", topic));
    return () => k;
}
