import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { goldenPath, stacks } from "../golden/golden.ts";
import { ACCEPTED, violations } from "./evaluate.ts";
import type { Resource } from "./resources.ts";

describe("the policy pack over the golden files", () => {
    for (const stack of stacks) {
        it(`the stack ${stack} complies with every mandatory rule`, () => {
            const { resources } = JSON.parse(readFileSync(goldenPath(stack), "utf8")) as {
                resources: Resource[];
            };
            const found = violations(resources);
            const advisory = found.filter(({ level }) => level === "advisory");
            assert.deepEqual(
                found.filter(({ level }) => level !== "advisory"),
                [],
            );
            assert.deepEqual([...new Set(advisory.map(({ rule }) => rule))], ACCEPTED[stack] ?? []);
        });
    }
});
