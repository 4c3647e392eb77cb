import assert from "node:assert/strict";
import type { Metadata } from "../../kafka/admin/metadata.ts";
import { readHealth } from "../../kafka/health.ts";
import type { KubeCluster } from "../../kafka/kubernetes/cluster.ts";
import { FakeKafka } from "../cli/fakeKafka.ts";
import { newRootCertificate } from "../provider/fixtures.ts";

const PLACE = { namespace: "demo", project: "demo", brokers: 2, clientNamespaces: [] };
const METADATA: Metadata = {
    brokers: [{ id: 0, address: "kafka-0:9092", rack: null }],
    controller: 0,
    mayAlter: true,
    topics: [
        {
            error: 0,
            name: "orders",
            operations: 0,
            partitions: [
                { partition: 0, leader: 0, replicas: [0, 1], inSync: [0] },
                { partition: 1, leader: 0, replicas: [0], inSync: [0] },
            ],
        },
    ],
};

const CONTROLLERS = { active: [0], silent: [1] };
const checks = { controllers: async () => CONTROLLERS };

const refused = () => Promise.reject(Object.assign(new Error("no"), { code: 403 }));

function cluster(secrets: () => Promise<object>, sets: () => Promise<object>): KubeCluster {
    const fake = {
        title: "fake",
        core: { listNamespacedSecret: secrets },
        apps: { listNamespacedStatefulSet: sets, listNamespacedDeployment: async () => ({ items: [] }) },
    };
    return fake as unknown as KubeCluster;
}

describe("reading a Project's health", () => {
    const opened = (kafka: FakeKafka, metadata: Metadata) => async () =>
        Object.assign(kafka, { described: metadata });

    it("counts brokers, topics and partitions, and adds up what groups have not read", async () => {
        const kafka = new FakeKafka();
        const record = { offset: 0, timestamp: 0, key: null, value: null };
        kafka.topics.set("orders", [[record, record, record], [record]]);
        // The second partition was never begun.
        kafka.offsetsOf.set("billing", new Map([["orders", [1, -1]]]));
        const { certificate, notAfter } = await newRootCertificate();
        const data = { "tls.crt": Buffer.from(certificate).toString("base64") };
        const sets = {
            items: [{ metadata: { name: "kafka" }, spec: { replicas: 2 }, status: { readyReplicas: 1 } }],
        };
        const secrets = {
            items: [{ metadata: { name: "kafka-operator" }, data }, { metadata: { name: "x" } }],
        };
        const health = await readHealth(
            cluster(
                async () => secrets,
                async () => sets,
            ),
            PLACE,
            opened(kafka, METADATA),
            checks,
        );
        assert.deepEqual(health.pods, { kafka: { ready: 1, total: 2 } });
        assert.deepEqual(health.kafka, {
            up: 1,
            controller: 0,
            controllers: CONTROLLERS,
            topicFailure: undefined,
            topics: 1,
            partitions: 2,
            underReplicated: 1,
            reassigning: 0,
            offline: 0,
            groups: [{ group: "billing", lag: 2 }],
        });
        const seconds = (date: Date | string) => Math.floor(new Date(date).getTime() / 1000);
        assert.equal(health.certificates.length, 1);
        assert.equal(seconds(health.certificates[0]!.expiresAt), seconds(notAfter));
        assert.deepEqual(health.cas, []);
        assert.deepEqual(health.deniedNamespaces, []);
        assert(kafka.closed);
    });

    it("takes no replica that is being added for one that is missing, as far as the controller tells", async () => {
        const read = async (kafka: FakeKafka) => {
            const health = await readHealth(
                cluster(refused, refused),
                PLACE,
                opened(kafka, METADATA),
                checks,
            );
            assert(typeof health.kafka === "object");
            return [health.kafka.underReplicated, health.kafka.reassigning];
        };
        const moving = new FakeKafka();
        moving.ongoing = [{ topic: "orders", partition: 0, replicas: [0, 1], adding: [1], removing: [] }];
        assert.deepEqual(await read(moving), [0, 1]);
        const silent = new FakeKafka();
        silent.listReassignments = () => Promise.reject(new Error("no controller"));
        assert.deepEqual(await read(silent), [1, undefined]);
    });

    it("says what may not be listed and why Kafka is silent, and asks no ends of offline partitions", async () => {
        const dark = await readHealth(cluster(refused, refused), PLACE, () =>
            Promise.reject(new Error("gone")),
        );
        assert.deepEqual(
            {
                pods: dark.pods,
                kafka: dark.kafka,
                certificates: dark.certificates,
                denied: dark.deniedNamespaces,
            },
            { pods: undefined, kafka: "gone", certificates: [], denied: ["demo"] },
        );
        const [topic] = METADATA.topics;
        const partitions = [{ ...topic!.partitions[0]!, leader: -1 }];
        const offline = await readHealth(
            cluster(refused, refused),
            PLACE,
            opened(new FakeKafka(), { ...METADATA, topics: [{ ...topic!, partitions }] }),
            checks,
        );
        assert.equal(typeof offline.kafka === "string" ? "" : offline.kafka.offline, 1);
        assert.equal(typeof offline.kafka === "string" ? "" : offline.kafka.groups, undefined);
    });
});
