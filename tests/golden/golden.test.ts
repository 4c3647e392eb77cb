import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { goldenPath, render, stacks } from "./golden.ts";

describe("the whole program", () => {
    it("has a golden file for each environment and for everything", () => {
        for (const stack of ["dev", "local", "prod", "everything"]) {
            assert(stacks.includes(stack), stack);
        }
    });

    for (const stack of stacks) {
        it(`registers for ${stack} what its golden file says (npm run golden renews it)`, async () => {
            assert.deepEqual(
                JSON.parse(await render(stack)),
                JSON.parse(readFileSync(goldenPath(stack), "utf8")),
            );
        });
    }
});
