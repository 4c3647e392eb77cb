import assert from "node:assert/strict";
import { metricsOf } from "../../kafka/bridge/metrics.ts";

const lag = (topic: string, partition: number, value: string, task = 0) =>
    `kafka_connect_mirror_records_lag{partition="${partition}",source="ikp",target="unity-demo",task="${task}",topic="${topic}",} ${value}`;
const fetches = (task: number, value: string) =>
    `kafka_connect_mirror_fetch_rate{source="ikp",target="unity-demo",task="${task}",} ${value}`;

describe("the metrics of a bridge", () => {
    it("are its lag by topic, added up over partitions and pods", () => {
        const text = ["# HELP x", lag("rates", 0, "3.0"), lag("rates", 1, "4.0"), "", lag("a", 0, "NaN")];
        const { lags, waiting } = metricsOf(text.join("\n"));
        assert.deepEqual(lags, [
            { topic: "a", flow: "ikp -> unity-demo", records: 0 },
            { topic: "rates", flow: "ikp -> unity-demo", records: 7 },
        ]);
        assert.deepEqual(waiting, []);
        assert.deepEqual(metricsOf("kafka_other{} 1.0\n"), { lags: [], waiting: [], flows: [] });
    });

    it("are the partitions of tasks that fetch nothing, not even that there is nothing new", () => {
        const text = [
            lag("rates", 0, "0.0", 0),
            lag("rates", 6, "2.0", 6),
            fetches(0, "1.9"),
            fetches(6, "0.0"),
        ];
        assert.deepEqual(metricsOf(text.join("\n")).waiting, [
            { partition: "rates-6", flow: "ikp -> unity-demo" },
        ]);
    });

    it("are its flows, once each", () => {
        const assigned = (flow: string) => `kafka_connect_assigned_tasks{flow="${flow}",} 2.0`;
        const text = ["unity-demo->ikp", "ikp->unity-demo", "ikp->unity-demo"].map(assigned);
        assert.deepEqual(metricsOf(text.join("\n")).flows, ["ikp -> unity-demo", "unity-demo -> ikp"]);
    });
});
