import assert from "node:assert/strict";
import { KafkaAdmin } from "../../kafka/admin/admin.ts";
import { describeQuotas } from "../../kafka/admin/quotas.ts";
import { SharedConnections } from "../../kafka/admin/sharedConnections.ts";
import type { KafkaAddress } from "../../kafka/client/kafkajs.ts";
import { forwardingSocketFactory } from "../../kafka/kubernetes/socketFactory.ts";
import { newCertificate, newRootCertificate } from "../provider/fixtures.ts";
import { FakeBroker } from "./fakeBroker.ts";

const REQUESTS = 200;

describe("the connections of the operator", () => {
    let broker: FakeBroker;
    let address: KafkaAddress;

    before(async () => {
        const ca = await newRootCertificate();
        const dnsNames = [FakeBroker.address.split(":")[0]!];
        const { certificate, privateKey } = await newCertificate(ca, { dnsNames });
        broker = new FakeBroker(certificate, privateKey);
        await broker.start();
        address = {
            brokers: [FakeBroker.address],
            ssl: { ca: ca.certificate },
            socketFactory: forwardingSocketFactory(() => broker.dial),
            limits: { connect: 1_000, request: 1_000, call: 3_000 },
        };
    });

    beforeEach(() => {
        broker.dialled = 0;
    });

    after(() => broker.stop());

    it("requests of our own for 200 users go through one tunnel to the broker", async () => {
        const admin = new KafkaAdmin(address);
        const users = Array.from({ length: REQUESTS }, (_, user) => `user-${user}`);
        const found = await Promise.all(users.map((user) => admin.describeQuotas(user)));
        assert.deepEqual(
            found,
            users.map(() => ({})),
        );
        for (const user of users.slice(0, 10)) {
            await admin.describeQuotas(user);
        }
        assert.equal(broker.dialled, 1);
        await admin.close();
    });

    it("200 changes by the client library go through one tunnel as well", async () => {
        const admin = new KafkaAdmin(address);
        await Promise.all(Array.from({ length: REQUESTS }, () => admin.deleteTopic(FakeBroker.topic)));
        assert.equal(broker.dialled, 1);
        await admin.close();
    });

    it("a connection that the broker has closed is replaced, by one for all that ask meanwhile", async () => {
        const connections = new SharedConnections(address);
        await connections.ask(describeQuotas("loader"));
        broker.fallSilent("request", 0);
        await new Promise((resolve) => setTimeout(resolve, 100));
        await Promise.all(Array.from({ length: 20 }, () => connections.ask(describeQuotas("loader"))));
        assert.equal(broker.dialled, 2);
        await connections.close();
    });

    it("a broker that does not answer is asked last from then on", async () => {
        const down = FakeBroker.address.replace("kafka-0", "kafka-1");
        const dialled: string[] = [];
        const connections = new SharedConnections({
            ...address,
            brokers: [down, FakeBroker.address],
            socketFactory: forwardingSocketFactory((_namespace, pod) => (onData, onRefusal) => {
                dialled.push(pod);
                return pod === "kafka-0"
                    ? broker.dial(onData, onRefusal)
                    : Promise.reject(new Error("no pod"));
            }),
        });
        for (let request = 0; request < 3; request++) {
            assert.deepEqual(await connections.ask(describeQuotas("loader")), {});
        }
        assert.deepEqual(dialled, ["kafka-1", "kafka-0"]);
        await connections.close();
    });
});
