/** ACLs of a user: from config's terms to Kafka's. */

/** Operations on one resource, or on all whose name begins with a prefix. */
export interface AclRule {
    readonly resource: "topic" | "group" | "cluster";
    readonly name: string;
    readonly pattern: "literal" | "prefixed";
    readonly operations: readonly Operation[];
}

export type Operation =
    | "all"
    | "read"
    | "write"
    | "create"
    | "delete"
    | "alter"
    | "describe"
    | "describeConfigs"
    | "alterConfigs"
    | "idempotentWrite";

/** One operation on one resource. */
export interface Acl extends Omit<AclRule, "operations"> {
    readonly operation: Operation;
}

/** Permissions of a client, in the terms of config; a name that ends in * is a prefix. */
export interface Permissions {
    readonly produce: readonly string[];
    readonly consume: readonly string[];
    readonly groups: readonly string[];
    readonly acls?: readonly AclRule[];
}

/** Permissions as ACLs, each once. */
export function aclsOf({ produce, consume, groups, acls = [] }: Permissions): Acl[] {
    const named = (resource: AclRule["resource"], name: string, operations: readonly Operation[]): AclRule =>
        name.endsWith("*")
            ? { resource, name: name.slice(0, -1), pattern: "prefixed", operations }
            : { resource, name, pattern: "literal", operations };
    const all = [
        ...produce.map((topic) => named("topic", topic, ["write", "describe"])),
        ...consume.map((topic) => named("topic", topic, ["read", "describe"])),
        ...groups.map((group) => named("group", group, ["read", "describe"])),
        ...acls,
    ].flatMap(({ operations, ...rest }) => operations.map((operation): Acl => ({ ...rest, operation })));
    return [...new Map(all.map((acl) => [aclKey(acl), acl])).values()];
}

/** A text that is the same for equal ACLs only. */
export function aclKey({ resource, name, pattern, operation }: Acl): string {
    return [resource, pattern, name, operation].join(" ");
}
