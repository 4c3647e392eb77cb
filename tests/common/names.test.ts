import assert from "node:assert/strict";
import { clientOf, IDENTITIES, keyOf, principalOf } from "../../common/names.ts";
import { componentSchema } from "../../config/schema/components.ts";

describe("the principal of a client's key", () => {
    it("is the client itself for the first key, and never that of another client for a later one", () => {
        assert.equal(principalOf("loader", 1), "loader");
        assert.equal(principalOf("loader", 2), "loader.2");
        assert.equal(principalOf(IDENTITIES.operator, 12), "operator.unity-kafka.12");
        // What config takes for a name of a component has no dot, so no component is called like another's key.
        const { success } = componentSchema.safeParse({ name: principalOf("loader", 2) });
        assert.equal(success, false);
    });

    it("tells the client and the number of its key", () => {
        for (const client of ["loader", "loader-2", "2", ...Object.values(IDENTITIES)]) {
            for (const key of [1, 2, 999]) {
                const principal = principalOf(client, key);
                assert.deepEqual([clientOf(principal), keyOf(principal)], [client, key]);
            }
        }
    });

    it("fits into a certificate and into the rule by which brokers read it", () => {
        const principal = principalOf("a".repeat(40), 999);
        assert(principal.length <= 64);
        assert.match(principal, /^[a-z0-9.-]+$/);
    });
});
