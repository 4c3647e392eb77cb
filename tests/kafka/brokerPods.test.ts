import assert from "node:assert/strict";
import { KAFKA, serverAddress } from "../../common/names.ts";
import { podOfBroker } from "../../kafka/kubernetes/brokerPods.ts";

const brokerHost = (namespace: string, ordinal: number) =>
    serverAddress(KAFKA.name, ordinal, KAFKA.brokers, namespace);

describe("names of brokers", () => {
    it("lead to their pods and back", () => {
        assert.equal(brokerHost("demo", 2), "kafka-2.kafka-brokers.demo.svc.cluster.local");
        assert.deepEqual(podOfBroker(brokerHost("unity-demo", 12)), {
            namespace: "unity-demo",
            pod: "kafka-12",
        });
    });

    it("may have another cluster domain, or none", () => {
        const expected = { namespace: "demo", pod: "kafka-0" };
        assert.deepEqual(podOfBroker("kafka-0.kafka-brokers.demo.svc.example.org"), expected);
        assert.deepEqual(podOfBroker("kafka-0.kafka-brokers.demo.svc"), expected);
    });

    for (const host of [
        "localhost",
        "kafka.kafka-brokers.demo.svc.cluster.local",
        "kafka-0.other.demo.svc.cluster.local",
        "kafka-0.kafka-brokers.demo",
        "kafka-0.kafka-brokers.de/mo.svc.cluster.local",
        "zookeeper-0.kafka-brokers.demo.svc.cluster.local",
    ]) {
        it(`are not like ${host}`, () => {
            assert.throws(() => podOfBroker(host), /is not the name of a broker/);
        });
    }
});
