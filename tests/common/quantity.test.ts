import assert from "node:assert/strict";
import { BYTES, bytes, CPU, cores, mebibytes } from "../../common/quantity.ts";

describe("quantities", () => {
    it("reads bytes", () => {
        assert.equal(bytes("512Mi"), 536_870_912);
        assert.equal(bytes("1Ki"), 1024);
        assert.equal(mebibytes("2Gi"), 2048);
        assert.throws(() => bytes("4gb"), /not a quantity of bytes: 4gb/);
    });

    it("reads CPU", () => {
        assert.equal(cores("500m"), 0.5);
        assert.equal(cores("2"), 2);
        assert.equal(cores("0.25"), 0.25);
        assert.throws(() => cores("many"), /not a quantity of CPU: many/);
    });

    it("takes no other spelling", () => {
        for (const wrong of ["0Mi", "-1Mi", "1.5Gi", "1G", "1 Gi", "Gi", "", "1Gi\n"]) {
            assert(!BYTES.test(wrong), wrong);
        }
        for (const wrong of ["0", "0m", "-1", "1e3", ".5", "0.0", "m", "", "1 m"]) {
            assert(!CPU.test(wrong), wrong);
        }
    });
});
