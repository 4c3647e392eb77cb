import assert from "node:assert/strict";
import { permissionsFound } from "../../kafka/admin/aclDrift.ts";
import { type Acl, aclsOf, type Permissions } from "../../kafka/admin/acls.ts";

const loader: Permissions = { produce: ["orders"], consume: ["orders", "clicks*"], groups: ["loader"] };
const onOrders = { resource: "topic", name: "orders", pattern: "literal" } as const;

/** The ACLs of the loader without some operations on topic orders. */
const without = (...operations: Acl["operation"][]) =>
    aclsOf(loader).filter(({ name, operation }) => name !== "orders" || !operations.includes(operation));

describe("the ACLs that a client really has", () => {
    it("are the permissions of config where they are the same, in any order and however config writes them", () => {
        assert.equal(permissionsFound(loader, aclsOf(loader).toReversed()), loader);
        const written: Permissions = {
            produce: [],
            consume: [],
            groups: [],
            acls: [{ ...onOrders, operations: ["write", "describe"] }],
        };
        assert.equal(permissionsFound(written, aclsOf({ ...written, produce: ["orders"] })), written);
    });

    it("lack the entry of config whose ACL was removed by hand", () => {
        assert.deepEqual(permissionsFound(loader, without("write")), { ...loader, produce: [], acls: [] });
    });

    it("show what is left of an entry as ACLs", () => {
        assert.deepEqual(permissionsFound(loader, without("describe")), {
            produce: [],
            consume: ["clicks*"],
            groups: ["loader"],
            acls: [{ ...onOrders, operations: ["read", "write"] }],
        });
    });

    it("show what was added by hand, also a denial and a host, which config cannot express", () => {
        const added: Acl[] = [
            { ...onOrders, operation: "delete" },
            { ...onOrders, operation: "alter" },
            { ...onOrders, operation: "read", permission: "deny" },
            { ...onOrders, operation: "alter", host: "10.0.0.1" },
        ];
        assert.deepEqual(permissionsFound(loader, [...aclsOf(loader), ...added]), {
            ...loader,
            acls: [
                { ...onOrders, operations: ["alter"], host: "10.0.0.1" },
                { ...onOrders, operations: ["alter", "delete"] },
                { ...onOrders, operations: ["read"], permission: "deny" },
            ],
        });
    });

    it("are none where all were removed", () => {
        assert.deepEqual(permissionsFound(loader, []), { produce: [], consume: [], groups: [], acls: [] });
    });
});
