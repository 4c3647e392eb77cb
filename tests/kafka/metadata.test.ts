import assert from "node:assert/strict";
import { metadata } from "../../kafka/admin/metadata.ts";
import { answer, array, int16, int32, sent, text } from "./wire.ts";

const NULL = "ffff";
const THROTTLE = int32(0);

describe("the Metadata request, on the wire", () => {
    it("asks for all topics by a null array, creates none, and asks for the operations allowed on topics and cluster", () => {
        assert.equal(sent(metadata()), "ffffffff 00 01 01".replaceAll(" ", ""));
        assert.equal(sent(metadata(["orders"])), `${array(text("orders"))}000101`);
    });

    it("is answered with brokers, controller and topics, a partition without a leader included", () => {
        const brokers = array(
            `${int32(0)}${text("kafka-0")}${int32(9092)}${text("zone-a")}`,
            `${int32(1)}${text("kafka-1")}${int32(9092)}${NULL}`,
        );
        const epoch = int32(7);
        const healthy = `${int16(0)}${int32(0)}${int32(1)}${epoch}${array(int32(1), int32(0))}${array(int32(1))}${array()}`;
        const offline = `${int16(5)}${int32(1)}${int32(-1)}${epoch}${array(int32(0))}${array()}${array(int32(0))}`;
        const topics = array(
            `${int16(0)}${text("orders")}00${array(healthy, offline)}${int32(0b1_0000_1000)}`,
            `${int16(3)}${text("absent")}00${array()}${int32(-2_147_483_648)}`,
        );
        const body = [THROTTLE, brokers, text("cluster-id"), int32(1), topics, int32(1 << 7)];
        assert.deepEqual(metadata().decode(answer(...body)), {
            brokers: [
                { id: 0, address: "kafka-0:9092", rack: "zone-a" },
                { id: 1, address: "kafka-1:9092", rack: null },
            ],
            controller: 1,
            mayAlter: true,
            topics: [
                {
                    error: 0,
                    name: "orders",
                    operations: 0b1_0000_1000,
                    partitions: [
                        { partition: 0, leader: 1, replicas: [1, 0], inSync: [1] },
                        { partition: 1, leader: -1, replicas: [0], inSync: [] },
                    ],
                },
                { error: 3, name: "absent", operations: -2_147_483_648, partitions: [] },
            ],
        });
    });

    it("tells whether the client may alter the cluster, which nobody may who may not describe it", () => {
        const mayAlter = (operations: number) =>
            metadata([]).decode(
                answer(THROTTLE, array(), text("cluster-id"), int32(1), array(), int32(operations)),
            ).mayAlter;
        assert.equal(mayAlter((1 << 7) | (1 << 8)), true);
        assert.equal(mayAlter(1 << 8), false);
        assert.equal(mayAlter(0), false);
        assert.equal(mayAlter(-2_147_483_648), false);
    });
});
