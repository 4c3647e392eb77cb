import assert from "node:assert/strict";
import { failedTasks } from "../../kafka/bridge/failedTasks.ts";
import { skippedRecords } from "../../kafka/bridge/log.ts";

const TRACE = [
    "org.apache.kafka.connect.errors.ConnectException: Unrecoverable exception from producer send callback",
    "\tat org.apache.kafka.connect.runtime.WorkerSourceTask.maybeThrowProducerSendException(WorkerSourceTask.java:343)",
    "Caused by: org.apache.kafka.common.errors.RecordTooLargeException: The request included a message larger than allowed.",
    "",
].join("\n");
const task = (number: number) => `MirrorSourceConnector-${number}`;

describe("the failed tasks of a bridge", () => {
    const configs = new Map<string, unknown>([
        ["commit-MirrorSourceConnector", { tasks: 3 }],
        [`task-${task(1)}`, { properties: { "task.assigned.partitions": "rates-1,rates-3" } }],
    ]);

    it("are those that its workers call so, with their partitions and the innermost reason", () => {
        const statuses = new Map<string, unknown>([
            ["status-connector-MirrorSourceConnector", { state: "RUNNING", trace: null }],
            [`status-task-${task(0)}`, { state: "RUNNING", trace: null }],
            [`status-task-${task(1)}`, { state: "FAILED", trace: TRACE }],
            [`status-task-${task(2)}`, { state: "FAILED", trace: "java.lang.Error: no cause" }],
            ["status-topic-rates:connector-MirrorSourceConnector", null],
        ]);
        assert.deepEqual(failedTasks(statuses, configs), [
            {
                partitions: ["rates-1", "rates-3"],
                reason: "RecordTooLargeException: The request included a message larger than allowed.",
            },
            { partitions: [], reason: "Error: no cause" },
        ]);
    });

    it("are all of a connector that has failed itself", () => {
        const statuses = new Map([
            ["status-connector-MirrorSourceConnector", { state: "FAILED", trace: TRACE }],
        ]);
        const reason = "RecordTooLargeException: The request included a message larger than allowed.";
        assert.deepEqual(failedTasks(statuses, new Map()), [{ partitions: [], reason }]);
    });

    it("are not those of a time with more tasks, nor deleted ones", () => {
        const failed = { state: "FAILED", trace: TRACE };
        assert.deepEqual(failedTasks(new Map([[`status-task-${task(3)}`, failed]]), configs), []);
        assert.deepEqual(failedTasks(new Map([[`status-task-${task(1)}`, null]]), configs), []);
    });
});

describe("the records that a bridge skipped", () => {
    const client =
        "[Consumer clientId=ikp->unity-one|MirrorSourceConnector-0|replication-consumer, groupId=null]";
    const position = (offset: number) =>
        `FetchPosition{offset=${offset}, offsetEpoch=Optional.empty, currentLeader=x}`;
    const outOfRange = (partition: string, offset: number) =>
        `2026-11-29 09:25:43,110 INFO ${client} Fetch position ${position(offset)} is out of range for partition ${partition}, resetting offset (org.apache.kafka.clients.consumer.internals.FetchCollector)`;
    const reset = (partition: string, offset: number) =>
        `2026-11-29 09:25:43,114 INFO ${client} Resetting offset for partition ${partition} to position ${position(offset)}. (org.apache.kafka.clients.consumer.internals.SubscriptionState)`;

    it("are where the next one was not there any more, and what came instead", () => {
        const log = [
            // A first start is none.
            reset("rates-2", 0),
            outOfRange("rates-0", 6),
            outOfRange("orders.eu-1", 65),
            reset("orders.eu-1", 0),
            reset("rates-0", 208),
            reset("rates-0", 300),
        ];
        const time = "2026-11-29 09:25:43,110";
        assert.deepEqual(skippedRecords(log.join("\n")), [
            { partition: "orders.eu-1", expected: 65, actual: 0, time },
            { partition: "rates-0", expected: 6, actual: 208, time },
        ]);
    });

    it("are none in a log without such lines", () => {
        assert.deepEqual(skippedRecords(""), []);
        assert.deepEqual(skippedRecords(outOfRange("rates-0", 6)), []);
    });
});
