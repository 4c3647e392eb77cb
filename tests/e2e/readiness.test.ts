import { losesItsDisk } from "./brokerFaults.ts";
import { GREEN } from "./environment.ts";
import { withFilledTopic } from "./filledTopic.ts";

describe("readiness of a broker", function () {
    this.timeout("8m");
    const cluster = withFilledTopic("readiness", 20_000);

    it("a broker that has lost its disk is Ready when no other misses its replicas", () =>
        losesItsDisk(cluster(), GREEN, "kafka-1"));
});
