import assert from "node:assert/strict";
import { metricsMonth, seriesOf } from "../../planning/metricsCost.ts";
import { environmentOf, projectOf } from "../config/fixtures.ts";

describe("the metrics of an environment", () => {
    // Of the topic of offsets: 150 replicas, on each of the three brokers.
    const bare = 3 * 450 + 3 * 160 + 150 * 2 + 3 * 13;

    it("are series of servers, topics and replicas", () => {
        assert.equal(seriesOf(projectOf("one")), bare);
        const topics = [
            { partitions: 12, replicationFactor: 3 },
            { partitions: 1, replicationFactor: 2 },
        ];
        assert.equal(seriesOf({ ...projectOf("one"), topics }), bare + 36 * 2 + 3 * 13 + 2 * 2 + 2 * 13);
    });

    it("cost by the values that Google collects of them, and nothing where it collects none", () => {
        const month = (monitoring: object, ...names: string[]) =>
            metricsMonth(
                environmentOf(
                    names.map((name) => projectOf(name)),
                    [{}],
                    { monitoring },
                ),
            );
        // Two a minute for 730 hours, at 0.06 USD a million.
        const one = (bare * 2 * 60 * 730 * 0.06) / 1e6;
        assert(Math.abs(month({}, "one", "two") - 2 * one) < 1e-9);
        assert(Math.abs(month({ interval: 60 }, "one") - one / 2) < 1e-9);
        assert.equal(month({ collector: "none" }, "one"), 0);
    });
});
