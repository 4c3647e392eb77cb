import assert from "node:assert/strict";
import { Histogram } from "../../cli/transfer/histogram.ts";

describe("Histogram", () => {
    it("is exact for small values", () => {
        const histogram = new Histogram();
        for (let value = 1; value <= 100; value++) {
            histogram.add(value);
        }
        assert.deepEqual(
            [0, 0.01, 0.5, 0.99, 1].map((share) => histogram.quantile(share)),
            [1, 1, 50, 99, 100],
        );
    });

    it("is within 1 % of the exact quantiles for all others", () => {
        const histogram = new Histogram();
        const values: number[] = [];
        let state = 12345;
        for (let i = 0; i < 20_000; i++) {
            state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
            const value = Math.floor(Math.exp((state / 2 ** 31) * 18));
            values.push(value);
            histogram.add(value);
        }
        values.sort((a, b) => a - b);
        for (const share of [0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 1]) {
            const exact = values[Math.ceil(share * values.length) - 1] ?? Number.NaN;
            const estimate = histogram.quantile(share);
            assert.ok(
                Math.abs(estimate - exact) <= exact * 0.01,
                `p${share * 100}: ${estimate}, exactly ${exact}`,
            );
        }
    });

    it("takes what a clock that was set back and what days of waiting make of a time", () => {
        const histogram = new Histogram();
        histogram.add(-5);
        assert.equal(histogram.quantile(0.5), 0);
        histogram.add(Number.MAX_SAFE_INTEGER, 3);
        assert.ok(histogram.quantile(1) > 1e13);
    });

    it("is 0 without values", () => {
        assert.equal(new Histogram().quantile(0.99), 0);
    });
});
