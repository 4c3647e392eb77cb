import assert from "node:assert/strict";
import { type Acl, aclChanges, aclsOf } from "../../kafka/admin/acls.ts";

const keys = (...wanted: Parameters<typeof aclsOf>) =>
    aclsOf(...wanted).map(({ resource, pattern, name, operation }) =>
        [resource, pattern, name, operation].join(" "),
    );
const nothing = { produce: [], consume: [], groups: [] };

describe("the ACLs of a client", () => {
    it("let a producer write and describe, and a consumer read with its groups", () => {
        assert.deepEqual(keys({ produce: ["orders"], consume: ["clicks"], groups: ["loader"] }), [
            "topic literal orders write",
            "topic literal orders describe",
            "topic literal clicks read",
            "topic literal clicks describe",
            "group literal loader read",
            "group literal loader describe",
        ]);
    });

    it("are prefixed for a name that ends in *", () => {
        assert.deepEqual(keys({ ...nothing, produce: ["orders*"] }), [
            "topic prefixed orders write",
            "topic prefixed orders describe",
        ]);
    });

    it("are there once each", () => {
        assert.deepEqual(keys({ ...nothing, produce: ["a"], consume: ["a"] }), [
            "topic literal a write",
            "topic literal a describe",
            "topic literal a read",
        ]);
    });

    it("are none where config gives no permission", () => {
        assert.deepEqual(aclsOf(nothing), []);
    });
});

describe("a change of ACLs", () => {
    const acl = (name: string, operation: Acl["operation"]): Acl => ({
        resource: "topic",
        name,
        pattern: "literal",
        operation,
    });

    it("creates the missing ones and deletes those that config no longer has", () => {
        const [read, write, describeAcl] = [acl("a", "read"), acl("a", "write"), acl("a", "describe")];
        assert.deepEqual(aclChanges([read, describeAcl], [describeAcl, write]), {
            create: [write],
            delete: [read],
        });
        assert.deepEqual(aclChanges([], [read]), { create: [read], delete: [] });
        assert.deepEqual(aclChanges([read], []), { create: [], delete: [read] });
    });

    it("leaves equal ones alone, in any order", () => {
        const [one, other] = [acl("a", "read"), acl("b", "read")];
        assert.deepEqual(aclChanges([one, other], [{ ...other }, { ...one }]), { create: [], delete: [] });
    });

    it("tells a prefixed ACL from a literal one, a group from a topic, a denial from a permission, and a host from all", () => {
        const literal = acl("a", "read");
        for (const wanted of [
            { ...literal, pattern: "prefixed" } as const,
            { ...literal, resource: "group" } as const,
            { ...literal, permission: "deny" } as const,
            { ...literal, host: "10.0.0.1" },
        ]) {
            assert.deepEqual(aclChanges([literal], [wanted]), { create: [wanted], delete: [literal] });
        }
    });
});
