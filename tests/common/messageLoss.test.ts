import assert from "node:assert/strict";
import { lostMessages, retentionDefaults, withDefaults } from "../../common/messageLoss.ts";

const KAFKAS = { "cleanup.policy": "delete", "retention.bytes": "-1", "retention.ms": "604800000" };

describe("the messages that a change of settings deletes", () => {
    it("follow the defaults of brokers as Kafka reads them", () => {
        const cases: [broker: Record<string, string | number>, time: string][] = [
            [{}, "604800000"],
            [{ "log.retention.hours": 24 }, "86400000"],
            [{ "log.retention.hours": 24, "log.retention.minutes": "5" }, "300000"],
            [{ "log.retention.minutes": 5, "log.retention.ms": 7 }, "7"],
            [{ "log.retention.hours": -1 }, "-1"],
            [{ "log.retention.minutes": -2 }, "-1"],
        ];
        for (const [broker, time] of cases) {
            assert.deepEqual(retentionDefaults(broker), { ...KAFKAS, "retention.ms": time });
        }
        assert.deepEqual(retentionDefaults({ "log.cleanup.policy": "compact", "log.retention.bytes": 9 }), {
            ...KAFKAS,
            "cleanup.policy": "compact",
            "retention.bytes": "9",
        });
    });

    const lost = (before: Record<string, string>, after: Record<string, string>) =>
        lostMessages(withDefaults(before, KAFKAS), withDefaults(after, KAFKAS));

    it("are none where Kafka deletes as before, later or not at all", () => {
        const compacted = { "cleanup.policy": "compact" };
        for (const [before, after] of [
            [{}, { "retention.ms": "604800001", "retention.bytes": "-1" }],
            [{}, { "retention.ms": "-1" }],
            // Retention does not count without the policy `delete`.
            [compacted, { ...compacted, "retention.ms": "1", "retention.bytes": "1" }],
            [{ "cleanup.policy": "compact,delete" }, compacted],
            [{ "cleanup.policy": "compact, delete" }, { "cleanup.policy": "delete" }],
            [compacted, { "cleanup.policy": "delete", "retention.ms": "-1" }],
            [{}, { "max.message.bytes": "5" }],
        ] as const) {
            assert.equal(lost(before, after), undefined, JSON.stringify([before, after]));
        }
    });

    it("are named by what is left", () => {
        const cases: [after: Record<string, string>, text: string][] = [
            [{ "retention.ms": "5400000" }, "messages older than 90m"],
            [{ "retention.ms": "1500" }, "messages older than 1500ms"],
            [{ "retention.ms": "0" }, "messages older than 0ms"],
            [{ "retention.bytes": "0" }, "what exceeds 0 bytes in a partition"],
            [{ "cleanup.policy": "delete,compact" }, "all but the latest message of each key"],
        ];
        for (const [after, text] of cases) {
            assert.equal(lost({}, after), text);
        }
    });
});
