import assert from "node:assert/strict";
import {
    alterQuotas,
    describeQuotas,
    listQuotaUsers,
    quotaChanges,
    quotasOf,
} from "../../kafka/admin/quotas.ts";
import { answer, sent, text } from "./wire.ts";

const RATE = text("producer_byte_rate");

describe("quotas in Kafka's protocol", () => {
    it("are requested for exactly one user", () => {
        // One component: type, exact match, name; and nothing but it.
        assert.equal(sent(describeQuotas("loader")), `00000001${text("user")}00${text("loader")}01`);
    });

    it("are read by name", () => {
        const entity = `00000001 ${text("user")} ${text("loader")}`;
        const values = `00000001 ${RATE} 412e848000000000`;
        const found = describeQuotas("loader").decode(
            answer(`00000000 0000 ffff 00000001 ${entity} ${values}`),
        );
        assert.deepEqual(found, { producer_byte_rate: 1_000_000 });
    });

    it("are listed by the users that have any of their own", () => {
        // Any name, and nothing but a user.
        assert.equal(sent(listQuotaUsers()), `00000001${text("user")}02ffff01`);
        const entry = (name: string) => `00000001 ${text("user")} ${name} 00000001 ${RATE} 412e848000000000`;
        const found = answer(
            `00000000 0000 ffff 00000003`,
            entry(text("loader")),
            entry("ffff"),
            entry(text("a")),
        );
        assert.deepEqual(listQuotaUsers().decode(found), ["loader", "a"]);
    });

    it("are set, and deleted where they are undefined", () => {
        const request = alterQuotas("loader", {
            producer_byte_rate: 1_000_000,
            request_percentage: undefined,
        });
        const changes = `00000002${RATE}412e84800000000000${text("request_percentage")}000000000000000001`;
        assert.equal(sent(request), `0000000100000001${text("user")}${text("loader")}${changes}00`);
    });

    it("that Kafka refuses are an error with its message", () => {
        const refusal = `00000000 00000001 001f ${text("not you")} 00000001 ${text("user")} ${text("loader")}`;
        assert.throws(() => alterQuotas("loader", {}).decode(answer(refusal)), /not you/);
    });
});

describe("a change of quotas", () => {
    it("sets the wanted ones by Kafka's names", () => {
        assert.deepEqual(quotaChanges({}, { produce: 1, consume: 2, requests: 3 }), {
            producer_byte_rate: 1,
            consumer_byte_rate: 2,
            request_percentage: 3,
        });
    });

    it("deletes every other one, those that config cannot name too", () => {
        const current = { producer_byte_rate: 1, consumer_byte_rate: 2, connection_creation_rate: 3 };
        assert.deepEqual(quotaChanges(current, { produce: 9 }), {
            producer_byte_rate: 9,
            consumer_byte_rate: undefined,
            connection_creation_rate: undefined,
        });
    });

    it("is empty where there are none and none are wanted", () => {
        assert.deepEqual(quotaChanges({}, {}), {});
    });

    it("shows one that config cannot name by Kafka's name, so that it does not stay unseen", () => {
        assert.deepEqual(quotasOf({ consumer_byte_rate: 2, controller_mutation_rate: 4 }), {
            consume: 2,
            controller_mutation_rate: 4,
        });
    });

    it("is read back in the words of config", () => {
        assert.deepEqual(quotasOf({ producer_byte_rate: 1, request_percentage: 3 }), {
            produce: 1,
            requests: 3,
        });
        assert.deepEqual(quotasOf({}), {});
    });
});
