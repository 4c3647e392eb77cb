import assert from "node:assert/strict";
import { checkRandomStackFiles } from "./stackFileProperty.ts";

const FILES = 250;
/** The same files in every run; npm run bench:config tries others. */
const SEED = 1;

describe("a random stack file", () => {
    it("either renders or has errors that name a path each", function () {
        this.timeout(300_000);
        const { files, valid } = checkRandomStackFiles(FILES, SEED);
        assert.equal(files, FILES);
        assert(valid > FILES / 10, `only ${valid} of ${files} were valid`);
    });
});
