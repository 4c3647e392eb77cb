import assert from "node:assert/strict";
import { errorOf } from "../../kafka/admin/protocol.ts";
import { temporaryTopicName } from "../../kafka/client/temporaryTopic.ts";
import { checkTopicCreation } from "../../kafka/topicCheck.ts";
import { FakeKafka } from "../cli/fakeKafka.ts";

const REQUEST_TIMED_OUT = 7;
const HOURS = 3_600_000;

describe("the check whether topics can be created", () => {
    it("creates one of one partition, and leaves nothing behind, of former checks neither", async () => {
        const kafka = new FakeKafka();
        const old = temporaryTopicName("check", new Date(Date.now() - 2 * HOURS));
        const recent = temporaryTopicName("check", new Date(Date.now() - HOURS / 2));
        for (const topic of ["orders", old, recent]) {
            kafka.topics.set(topic, [[]]);
        }
        assert.equal(await checkTopicCreation(kafka, 2), undefined);
        const [created] = kafka.created;
        assert.deepEqual(
            [created?.partitions, created?.replicationFactor, created?.config["retention.ms"]],
            [1, 2, `${HOURS}`],
        );
        // Somebody may be at work with the recent one.
        assert.deepEqual(await kafka.listTopics(), ["orders", recent]);
        assert.deepEqual(kafka.deletedGroups, [old]);
    });

    it("says why none can be created, and deletes what may come to be all the same", async () => {
        const deleted: string[] = [];
        const kafka = Object.assign(new FakeKafka(), {
            createTopic: () => Promise.reject(errorOf(REQUEST_TIMED_OUT)!),
            deleteTopic: async (topic: string) => void deleted.push(topic),
            listTopics: () => assert.fail("of no use now"),
        });
        assert.equal(await checkTopicCreation(kafka, 3), "no topic can be created (The request timed out)");
        assert.match(deleted.join(), /^unity-check-\d{8}T\d{6}Z-[0-9a-f]{8}$/);
    });

    it("says that none can be deleted", async () => {
        const kafka = Object.assign(new FakeKafka(), {
            deleteTopic: () => Promise.reject(errorOf(REQUEST_TIMED_OUT)!),
        });
        assert.equal(await checkTopicCreation(kafka, 3), "no topic can be deleted (The request timed out)");
    });
});
