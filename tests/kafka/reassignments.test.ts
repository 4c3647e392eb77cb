import assert from "node:assert/strict";
import { logDirs } from "../../kafka/admin/logDirs.ts";
import { alterReassignments, listReassignments } from "../../kafka/admin/reassignments.ts";
import { answer, compactArray, compactText, int16, int32, NULL, sent, TAGS } from "./wire.ts";

const THROTTLE_TIME = int32(0);
const NO_ERROR = `${int16(0)}${NULL}`;
const HEADER = `${TAGS}${THROTTLE_TIME}`;
const LIMIT = int32(8_000);
const int64 = (value: number) => value.toString(16).padStart(16, "0");
const ids = (...brokers: number[]) => compactArray(...brokers.map(int32));

describe("reassignments in Kafka's protocol", () => {
    it("are begun by topic, partition and brokers", () => {
        const partition = (number: number, ...brokers: number[]) =>
            `${int32(number)}${ids(...brokers)}${TAGS}`;
        assert.equal(
            sent(
                alterReassignments([
                    { topic: "orders", partition: 0, replicas: [3, 1] },
                    { topic: "notes", partition: 0, replicas: [2] },
                    { topic: "orders", partition: 2, replicas: [4] },
                ]),
            ),
            [
                ...[TAGS, LIMIT],
                compactArray(
                    `${compactText("orders")}${compactArray(partition(0, 3, 1), partition(2, 4))}${TAGS}`,
                    `${compactText("notes")}${compactArray(partition(0, 2))}${TAGS}`,
                ),
                TAGS,
            ].join(""),
        );
    });

    const answered = (...partitions: string[]) =>
        answer(
            HEADER,
            NO_ERROR,
            compactArray(`${compactText("orders")}${compactArray(...partitions)}${TAGS}`),
            TAGS,
        );

    it("are refused by the error of one partition, but not for a topic that is gone", () => {
        const fine = `${int32(0)}${NO_ERROR}${TAGS}`;
        const gone = `${int32(1)}${int16(3)}${NULL}${TAGS}`;
        const invalid = `${int32(2)}${int16(39)}${compactText("broker 9 is unknown")}${TAGS}`;
        alterReassignments([]).decode(answered(fine, gone));
        assert.throws(() => alterReassignments([]).decode(answered(fine, gone, invalid)), {
            type: "INVALID_REPLICA_ASSIGNMENT",
            message: "broker 9 is unknown",
        });
        const denied = answer(HEADER, `${int16(31)}${NULL}`, compactArray(), TAGS);
        assert.throws(() => alterReassignments([]).decode(denied), { type: "CLUSTER_AUTHORIZATION_FAILED" });
    });

    it("that are under way are listed with what is added and removed", () => {
        assert.equal(sent(listReassignments), `${TAGS}${LIMIT}${NULL}${TAGS}`);
        const partition = `${int32(5)}${ids(3, 1, 0)}${ids(3)}${ids(0)}${TAGS}`;
        assert.deepEqual(listReassignments.decode(answered(partition)), [
            { topic: "orders", partition: 5, replicas: [3, 1, 0], adding: [3], removing: [0] },
        ]);
        assert.deepEqual(listReassignments.decode(answer(HEADER, NO_ERROR, compactArray(), TAGS)), []);
    });
});

describe("the disk of a broker in Kafka's protocol", () => {
    it("is asked for as a whole, and read with its size and its replicas", () => {
        assert.equal(sent(logDirs), `${TAGS}${NULL}${TAGS}`);
        const replica = (partition: number, bytes: number) =>
            `${int32(partition)}${int64(bytes)}${int64(0)}00${TAGS}`;
        const topic = `${compactText("orders")}${compactArray(replica(0, 7), replica(4, 9_000_000_000))}${TAGS}`;
        const folder = `${int16(0)}${compactText("/data")}${compactArray(topic)}${int64(5e10)}${int64(4e10)}${TAGS}`;
        assert.deepEqual(logDirs.decode(answer(HEADER, int16(0), compactArray(folder), TAGS)), {
            ...{ total: 5e10, usable: 4e10 },
            replicas: [
                { topic: "orders", partition: 0, bytes: 7 },
                { topic: "orders", partition: 4, bytes: 9_000_000_000 },
            ],
        });
    });

    it("that has failed, or may not be asked for, is an error", () => {
        const failed = `${int16(56)}${compactText("/data")}${compactArray()}${int64(0)}${int64(0)}${TAGS}`;
        assert.throws(() => logDirs.decode(answer(HEADER, int16(0), compactArray(failed), TAGS)), {
            type: "KAFKA_STORAGE_ERROR",
        });
        assert.throws(() => logDirs.decode(answer(HEADER, int16(31), compactArray(), TAGS)), {
            type: "CLUSTER_AUTHORIZATION_FAILED",
        });
    });
});
