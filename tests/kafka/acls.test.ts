import assert from "node:assert/strict";
import { aclKey, aclsOf } from "../../kafka/admin/acls.ts";

const keys = (...wanted: Parameters<typeof aclsOf>) => aclsOf(...wanted).map(aclKey);
const nothing = { produce: [], consume: [], groups: [] };

describe("aclsOf", () => {
    it("allows producers to write and describe, and consumers to read with their groups", () => {
        assert.deepEqual(keys({ produce: ["orders"], consume: ["clicks"], groups: ["loader"] }), [
            "topic literal orders write",
            "topic literal orders describe",
            "topic literal clicks read",
            "topic literal clicks describe",
            "group literal loader read",
            "group literal loader describe",
        ]);
    });

    it("takes a name that ends in * for all that begin so", () => {
        assert.deepEqual(keys({ ...nothing, produce: ["orders*"] }), [
            "topic prefixed orders write",
            "topic prefixed orders describe",
        ]);
    });

    it("gives each ACL once", () => {
        assert.deepEqual(keys({ ...nothing, produce: ["a"], consume: ["a"] }), [
            "topic literal a write",
            "topic literal a describe",
            "topic literal a read",
        ]);
    });

    it("gives nothing unasked", () => {
        assert.deepEqual(aclsOf(nothing), []);
    });
});
