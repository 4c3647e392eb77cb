import assert from "node:assert/strict";
import { describeAcls } from "../../kafka/admin/describeAcls.ts";
import { aclEntry, aclIn, usersIn } from "../../kafka/admin/kafkajsAcls.ts";
import { answer, array, sent, text } from "./wire.ts";

const NULL = "ffff";

/** An ACL in an answer: principal, host, operation (read), permission (allow or deny). */
const acl = (principal: string, host = "*", permission = "03") =>
    `${text(principal)}${text(host)}03${permission}`;
const found = (...acls: string[]) =>
    describeAcls().decode(answer("00000000", "0000", NULL, array(`02${text("orders")}04${array(...acls)}`)));

describe("ACLs in Kafka's protocol", () => {
    it("are asked for by user, or all of them", () => {
        assert.equal(sent(describeAcls("loader")), `01${NULL}01${text("User:loader")}${NULL}0101`);
        assert.equal(sent(describeAcls()), `01${NULL}01${NULL}${NULL}0101`);
    });

    it("are read with their resource, host and permission, as they would be created", () => {
        const [first, second] = found(acl("User:loader"), acl("User:reader", "10.0.0.1", "02"));
        const read = { resource: "topic", name: "orders", pattern: "prefixed", operation: "read" } as const;
        assert.deepEqual(aclIn(first!), read);
        assert.deepEqual(aclIn(second!), { ...read, permission: "deny", host: "10.0.0.1" });
        assert.deepEqual(aclEntry("reader", aclIn(second!)), {
            resourceType: 2,
            resourceName: "orders",
            resourcePatternType: 4,
            principal: "User:reader",
            host: "10.0.0.1",
            operation: 3,
            permissionType: 2,
        });
    });

    it("name each user once; everybody is no user, nor is a group", () => {
        const all = ["User:loader", "User:loader", "User:*", "Group:loaders", "User:a.2"];
        assert.deepEqual(usersIn(found(...all.map((principal) => acl(principal)))), ["loader", "a.2"]);
    });

    it("that a broker does not tell are an error", () => {
        const refusal = answer("00000000", "001f", text("not you"), array());
        assert.throws(() => describeAcls().decode(refusal), /not you/);
    });
});
