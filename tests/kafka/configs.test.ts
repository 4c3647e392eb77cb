import assert from "node:assert/strict";
import { nextNumber } from "../../kafka/admin/brokerConfig.ts";
import { alterConfigs, configChanges, describeConfigs } from "../../kafka/admin/configs.ts";
import { createTopicRequest } from "../../kafka/admin/createTopic.ts";
import { answer, array, int16, int32, sent, text } from "./wire.ts";

const ALL_BROKERS = { type: "broker", name: "" } as const;
const THROTTLE_TIME = int32(0);
const NO_ERROR = `${int16(0)}${int16(-1)}`;

describe("settings in Kafka's protocol", () => {
    it("are requested of one resource, all or some, with the values of every source", () => {
        assert.equal(sent(describeConfigs(ALL_BROKERS)), `${int32(1)}04${text("")}${int32(-1)}01`);
        assert.equal(
            sent(describeConfigs({ type: "topic", name: "orders" }, ["retention.ms"])),
            `${int32(1)}02${text("orders")}${array(text("retention.ms"))}01`,
        );
    });

    it("are read with where they come from", () => {
        const synonyms = array(
            `${text("num.io.threads")}${text("16")}03`,
            `${text("num.io.threads")}${text("8")}05`,
        );
        const entry = `${text("num.io.threads")}${text("16")}00 03 00 ${synonyms}`;
        const secret = `${text("ssl.key.password")}${int16(-1)}00 04 01 ${array()}`;
        const found = describeConfigs(ALL_BROKERS).decode(
            answer(THROTTLE_TIME, array(`${NO_ERROR}04${text("")}${array(entry, secret)}`)),
        );
        assert.deepEqual(found, [
            {
                name: "num.io.threads",
                value: "16",
                source: "dynamicDefaultBroker",
                synonyms: [
                    { value: "16", source: "dynamicDefaultBroker" },
                    { value: "8", source: "default" },
                ],
            },
            { name: "ssl.key.password", value: null, source: "staticBroker", synonyms: [] },
        ]);
    });

    it("are set, and get their default where they are undefined", () => {
        const changes = `${int32(2)}${text("a")}00${text("1")}${text("b")}01${int16(-1)}`;
        assert.equal(
            sent(alterConfigs(ALL_BROKERS, { a: "1", b: undefined })),
            `${int32(1)}04${text("")}${changes}00`,
        );
        alterConfigs(ALL_BROKERS, {}).decode(answer(THROTTLE_TIME, array(`${NO_ERROR}04${text("")}`)));
    });

    it("that Kafka refuses are an error with its type and its message, which is not for a retry", () => {
        const refusal = `${int16(40)}${text("num.io.threads is 0")}04${text("")}`;
        assert.throws(() => alterConfigs(ALL_BROKERS, {}).decode(answer(THROTTLE_TIME, array(refusal))), {
            type: "INVALID_CONFIG",
            message: "num.io.threads is 0",
            retriable: false,
        });
    });
});

describe("a change of settings", () => {
    it("sets what differs, and gives every other one its default", () => {
        assert.deepEqual(configChanges({ a: "1", b: "2", c: "3" }, { a: "1", b: "9", d: "4" }), {
            c: undefined,
            b: "9",
            d: "4",
        });
        assert.deepEqual(configChanges({ a: "1" }, { a: "1" }), {});
    });
});

describe("a number of threads", () => {
    const brokers = [{ current: 3, otherwise: 3 }];

    it("is doubled or halved on its way, which is as far as Kafka goes at once", () => {
        assert.equal(nextNumber(brokers, "16"), "6");
        assert.equal(nextNumber([{ current: 12, otherwise: 3 }], "16"), undefined);
        assert.equal(nextNumber([{ current: 16, otherwise: 3 }], "3"), "8");
        assert.equal(nextNumber([{ current: 16, otherwise: 3 }], undefined), "8");
        assert.equal(nextNumber([{ current: 4, otherwise: 3 }], undefined), undefined);
    });

    it("is what the broker allows that is furthest behind", () => {
        assert.equal(nextNumber([{ current: 16, otherwise: 3 }, ...brokers], "16"), "6");
    });

    it("that is none is left to Kafka to refuse", () => {
        for (const wanted of ["many", "0", "-1", "1.5"]) {
            assert.equal(nextNumber([{ current: 1, otherwise: 1 }], wanted), undefined);
        }
        assert.equal(nextNumber([], "16"), undefined);
    });
});

describe("the creation of a topic", () => {
    const orders = {
        name: "orders",
        partitions: 6,
        replicationFactor: 3,
        config: { "retention.ms": "1000" },
    };

    it("leaves it to Kafka on which brokers", () => {
        const config = array(`${text("retention.ms")}${text("1000")}`);
        assert.equal(
            sent(createTopicRequest(orders)),
            `${int32(1)}${text("orders")}${int32(6)}${int16(3)}${array()}${config}${int32(8000)}00`,
        );
    });

    it("that Kafka refuses says why in the broker's own words", () => {
        const message = "Replication factor: 3 larger than available brokers: 2.";
        const refusal = array(`${text("orders")}${int16(38)}${text(message)}`);
        assert.throws(() => createTopicRequest(orders).decode(answer(THROTTLE_TIME, refusal)), {
            type: "INVALID_REPLICATION_FACTOR",
            message,
            retriable: false,
        });
    });
});
