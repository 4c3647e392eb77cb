import assert from "node:assert/strict";
import { managedKafkaMonth } from "../../planning/managedKafka.ts";
import { priceWarning } from "../../planning/pricing.ts";
import { projectOf } from "../config/fixtures.ts";

/** MB/s that are so many MiB/s. */
const mib = (rate: number) => `${rate * 1.048576}MB/s`;

/** USD a month for producers and consumers of so many MiB/s and messages of a day, as in the page's examples. */
function example(rate: number): number {
    const requirements = { throughput: { in: mib(rate), out: mib(rate) }, retention: "24h", peak: 2 };
    return managedKafkaMonth(projectOf("one", {}, {}, { requirements }));
}

describe("Google's Managed Service for Apache Kafka", () => {
    it("costs what the examples of its pricing page say, but for consumers that read in their own zone", () => {
        // 10 MiB/s for 1100 USD and 100 MiB/s for 11000; two thirds of what is read come from another zone, 0.01 a GiB.
        const read = (rate: number) => (((rate * 2) / 3) * 730 * 3600 * 0.01) / 1024;
        for (const [rate, price] of [
            [10, 1100],
            [100, 11_000],
        ] as const) {
            const found = example(rate) - read(rate);
            assert(Math.abs(found - price) < price * 0.02, `${found}, not ${price}`);
        }
    });

    it("has three vCPUs at least", () => {
        const compute = 3 * (0.6 + 4 * 0.1) * 0.09 * 730;
        const least = example(0.001);
        assert(Math.abs(least - compute - 300 * 0.17) < 0.1, String(least));
    });

    it("is asked for what the brokers request and hold where there are no requirements", () => {
        // Three brokers of 1 CPU, 4 GiB and 100 GiB, with three replicas of each message.
        const compute = 3 * (0.6 + 4 * 0.1) * 0.09 * 730;
        assert.equal(
            managedKafkaMonth(projectOf("one")).toFixed(2),
            (compute + 300 * 0.17 + 100 * 0.1).toFixed(2),
        );
    });
});

describe("prices", () => {
    it("are relied on for a year, and then the table is to be renewed", () => {
        assert.equal(priceWarning(new Date("2027-08-20")), undefined);
        assert.equal(
            priceWarning(new Date("2027-08-22")),
            "Google's prices are of 2026-08-20: more than a year ago; renew planning/prices.json",
        );
        assert.equal(
            priceWarning(new Date("2028-01-01")),
            "Google's prices are of 2026-08-20; the prices of Managed Kafka are of 2026-11-28; the prices of Managed Prometheus are of 2026-11-29: more than a year ago; renew planning/prices.json",
        );
    });
});
