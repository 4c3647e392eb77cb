import { createFilledTopic, losesItsDisk } from "./brokerFaults.ts";
import type { Kubernetes } from "./cluster.ts";
import { BRING_UP_TIMEOUT, GREEN, othersDone, sharedEnvironment } from "./environment.ts";
import { adminTool, TOPICS } from "./kafkaTools.ts";

describe("readiness of a broker", function () {
    this.timeout("8m");
    const TOPIC = "readiness";
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
        await othersDone();
        await createFilledTopic(k, GREEN, TOPIC, 20_000);
    });
    after(() => adminTool(k, GREEN, TOPICS, "--delete", "--topic", TOPIC));

    it("a broker that has lost its disk is Ready when no other misses its replicas", () =>
        losesItsDisk(k, GREEN, "kafka-1"));
});
