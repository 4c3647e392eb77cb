import assert from "node:assert/strict";
import { onceIn } from "../../cli/commands/status.ts";

describe("unity status --watch", () => {
    it("has a topic created no more often than once in a while, and shows the last result meanwhile", async () => {
        let calls = 0;
        const call = async () => ++calls;
        const rarely = onceIn(60_000, call);
        assert.deepEqual([await rarely(), await rarely(), await rarely()], [1, 1, 1]);
        const always = onceIn(0, call);
        assert.deepEqual([await always(), await always()], [2, 3]);
    });
});
