import assert from "node:assert/strict";
import { topicErrors } from "../../kafka/admin/access.ts";
import { aclsOf } from "../../kafka/admin/acls.ts";

describe("the access of a client to a topic", () => {
    const acls = aclsOf({ produce: ["orders"], consume: ["orders", "log-*"], groups: ["orders-9"] });
    const errors = (topic: string, ...seen: ("Read" | "Write" | "Describe")[]) =>
        topicErrors(acls, topic, seen);

    it("is right where it has what its ACLs say, by the topic's name or its beginning", () => {
        assert.deepEqual(errors("orders", "Read", "Write", "Describe"), []);
        assert.deepEqual(errors("log-a", "Read", "Describe"), []);
        assert.deepEqual(errors("other"), []);
        assert.deepEqual(errors("orders-9"), []);
    });

    it("is right for every topic where an ACL is for the star, in that operation alone", () => {
        const all = aclsOf({
            ...{ produce: [], consume: [], groups: [] },
            acls: [{ resource: "topic", name: "*", pattern: "literal", operations: ["describe"] }],
        });
        assert.deepEqual(topicErrors(all, "orders", ["Describe"]), []);
        assert.deepEqual(topicErrors(all, "orders", ["Read", "Describe"]), [
            "may read topic orders without an ACL of config",
        ]);
    });

    it("differs where an operation is missing", () => {
        assert.deepEqual(errors("orders", "Read", "Describe"), ["may not write to topic orders"]);
        assert.deepEqual(errors("log-a"), ["may not read topic log-a"]);
    });

    it("differs where an operation is allowed without an ACL, be it only to see the topic", () => {
        assert.deepEqual(errors("log-a", "Read", "Write", "Describe"), [
            "may write to topic log-a without an ACL of config",
        ]);
        assert.deepEqual(errors("other", "Describe"), ["may see topic other without an ACL of config"]);
        assert.deepEqual(errors("other", "Read", "Describe"), [
            "may read topic other without an ACL of config",
        ]);
    });
});
