import assert from "node:assert/strict";
import { lagsOf } from "../../kafka/mirrorMakerLag.ts";

const line = (topic: string, partition: number, value: string) =>
    `kafka_connect_mirror_records_lag{partition="${partition}",source="ikp",target="unity-demo",topic="${topic}",} ${value}`;

describe("the bridge's lag", () => {
    it("is added up by topic, over partitions and pods", () => {
        const text = ["# HELP x", line("rates", 0, "3.0"), line("rates", 1, "4.0"), "", line("a", 0, "NaN")];
        assert.deepEqual(lagsOf(text.join("\n")), [
            { topic: "a", flow: "ikp -> unity-demo", records: 0 },
            { topic: "rates", flow: "ikp -> unity-demo", records: 7 },
        ]);
        assert.deepEqual(lagsOf("kafka_other{} 1.0\n"), []);
    });
});
