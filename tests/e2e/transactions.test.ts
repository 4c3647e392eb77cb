import assert from "node:assert/strict";
import type { Kafka, Transaction } from "kafkajs";
import { kubeconfigPath } from "../../common/paths.ts";
import { errorType } from "../../kafka/client/kafkaError.ts";
import { newKafka } from "../../kafka/client/kafkajs.ts";
import { clientCertificateOf, readClientSecret } from "../../kafka/kubernetes/clientSecrets.ts";
import { openCluster } from "../../kafka/kubernetes/cluster.ts";
import { findProject } from "../../kafka/kubernetes/projects.ts";
import { addressOf } from "../../kafka/open.ts";
import { until } from "./cluster.ts";
import { BLUE, BLUE_CLIENTS, BRING_UP_TIMEOUT, sharedEnvironment } from "./environment.ts";

const INTERNAL = "enricher-counts-changelog";

describe("a component's transactional ids and Kafka Streams applications", function () {
    this.timeout("2m");
    let loader: Kafka;
    let courier: Kafka;
    let reader: Kafka;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        await sharedEnvironment();
        const cluster = openCluster({ kubeconfig: kubeconfigPath });
        const project = await findProject(cluster, BLUE);
        const as = async (component: string) => {
            const files = await readClientSecret(cluster, BLUE_CLIENTS, `kafka-client-${component}`);
            return newKafka(addressOf(cluster, project, clientCertificateOf(files)));
        };
        [loader, courier, reader] = await Promise.all([as("loader"), as("courier"), as("reader")]);
    });

    /** Has a producer do something within a transaction, which that may end. */
    async function inTransaction(
        transactionalId: string,
        work: (transaction: Transaction) => Promise<unknown>,
        client = loader,
    ): Promise<void> {
        const producer = client.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 });
        try {
            await producer.connect();
            const transaction = await producer.transaction();
            try {
                await work(transaction);
            } finally {
                if (transaction.isActive()) {
                    await transaction.abort();
                }
            }
        } finally {
            await producer.disconnect();
        }
    }
    const send = (transaction: Transaction, topic: string, value: string) =>
        transaction.send({ topic, acks: -1, messages: [{ value }] });
    const refused = (error: string) => (thrown: unknown) => {
        // Of several topics, kafkajs throws an error with those of each.
        const errors = (thrown as { readonly errors?: readonly unknown[] }).errors ?? [thrown];
        assert.deepEqual(errors.map(errorType), [error]);
        return true;
    };
    const count = (transaction: Transaction, consumerGroupId: string) =>
        transaction.sendOffsets({
            consumerGroupId,
            topics: [{ topic: INTERNAL, partitions: [{ partition: 0, offset: "1" }] }],
        });

    it("commit and abort what others read, and are refused the ids of another component", async () => {
        const mark = `${Date.now()}`;
        await inTransaction("loader-1", async (transaction) => {
            await send(transaction, "orders", `aborted ${mark}`);
            await transaction.abort();
        });
        await inTransaction("loader-1", async (transaction) => {
            await send(transaction, "orders", `committed ${mark}`);
            await transaction.commit();
        });
        const fence = (transaction: Transaction) => send(transaction, "orders", `fenced ${mark}`);
        for (const id of ["courier-1", "loader", "other"]) {
            // What kafkajs throws where a broker refuses to name the coordinator of an id.
            await assert.rejects(inTransaction(id, fence), { name: "KafkaJSGroupCoordinatorNotFound" });
        }
        await inTransaction(
            "courier-1",
            async (transaction) => {
                await send(transaction, "orders", `of the courier ${mark}`);
                await transaction.commit();
            },
            courier,
        );

        const read: string[] = [];
        const consumer = reader.consumer({ groupId: `reader-${mark}`, readUncommitted: false });
        try {
            await consumer.connect();
            await consumer.subscribe({ topics: ["orders"], fromBeginning: true });
            await consumer.run({
                eachMessage: async ({ message }) => {
                    const value = String(message.value);
                    if (value.endsWith(mark)) {
                        read.push(value);
                    }
                },
            });
            await until("the committed records are read", 60, async () => read.length >= 2);
        } finally {
            await consumer.disconnect();
        }
        assert.deepEqual(read.sort(), [`committed ${mark}`, `of the courier ${mark}`]);
    });

    it("create, use and delete an application's internal topics within its group, and no others", async () => {
        const admin = loader.admin();
        const create = (topic: string) => admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
        try {
            await admin.connect();
            await create(INTERNAL);
            await until("the topic has a leader", 30, async () => {
                const { topics } = await admin.fetchTopicMetadata({ topics: [INTERNAL] });
                return topics[0]!.partitions.every(({ leader }) => leader >= 0);
            });
            await inTransaction("enricher-1", async (transaction) => {
                await send(transaction, INTERNAL, "1");
                await count(transaction, "enricher");
                await transaction.commit();
            });
            await assert.rejects(
                inTransaction("enricher-1", (transaction) => count(transaction, "reader-main")),
                refused("GROUP_AUTHORIZATION_FAILED"),
            );
            // What a repartition topic takes after each commit.
            await admin.deleteTopicRecords({
                topic: INTERNAL,
                partitions: [{ partition: 0, offset: "1" }],
            });
            await assert.rejects(create("enricher2-counts-changelog"), refused("TOPIC_AUTHORIZATION_FAILED"));
            await admin.deleteTopics({ topics: [INTERNAL] });
            await assert.rejects(
                admin.deleteTopics({ topics: ["orders"] }),
                refused("TOPIC_AUTHORIZATION_FAILED"),
            );
        } finally {
            await admin.disconnect();
        }
    });
});
