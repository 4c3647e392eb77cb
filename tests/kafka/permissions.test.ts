import assert from "node:assert/strict";
import { coordinatorOf, groupPermissions } from "../../kafka/admin/permissions.ts";
import { answer, array, int16, int32, sent, text } from "./wire.ts";

const THROTTLE = int32(0);
const bytes = (hex: string) => `${int32(hex.length / 2)}${hex}`;
const group = (error: number, members: string, operations: number) =>
    `${int16(error)}${text("billing")}${text("Stable")}${text("consumer")}${text("range")}${members}${int32(operations)}`;

describe("the FindCoordinator request, on the wire", () => {
    it("asks for the coordinator of one group, and is answered with its address", () => {
        assert.equal(sent(coordinatorOf("billing")), text("billing"));
        const body = [int16(0), int32(2), text("kafka-2"), int32(9092)];
        assert.deepEqual(coordinatorOf("billing").decode(answer(...body)), {
            refusal: undefined,
            broker: "kafka-2:9092",
        });
    });

    it("is refused by Kafka's name for the error", () => {
        const decode = (error: number) =>
            coordinatorOf("billing").decode(answer(int16(error), int32(-1), text(""), int32(-1))).refusal;
        assert.equal(decode(15), "GROUP_COORDINATOR_NOT_AVAILABLE");
        assert.equal(decode(30), "GROUP_AUTHORIZATION_FAILED");
    });
});

describe("the DescribeGroups request, on the wire", () => {
    it("asks for one group with the operations allowed on it", () => {
        assert.equal(sent(groupPermissions("billing")), `${array(text("billing"))}01`);
    });

    it("is answered with the allowed operations, behind members of any size", () => {
        const member = `${text("m-1")}${text("app")}${text("/10.0.0.1")}${bytes("00ff00")}${bytes("")}`;
        // Bits 3 and 8 are Read and Describe; bit 6, Delete, is none that is asked about.
        const operations = (1 << 3) | (1 << 6) | (1 << 8);
        assert.deepEqual(
            groupPermissions("billing").decode(
                answer(THROTTLE, array(group(0, array(member, member), operations))),
            ),
            { refusal: undefined, allowed: ["Read", "Describe"] },
        );
    });

    it("is refused by Kafka's name for the error, or where the answer has no group", () => {
        assert.deepEqual(groupPermissions("billing").decode(answer(THROTTLE, array(group(30, array(), 0)))), {
            refusal: "GROUP_AUTHORIZATION_FAILED",
            allowed: [],
        });
        assert.deepEqual(groupPermissions("billing").decode(answer(THROTTLE, array())), {
            refusal: "GROUP_ID_NOT_FOUND",
            allowed: [],
        });
    });
});
