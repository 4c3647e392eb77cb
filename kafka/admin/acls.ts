/** Who may do what, in Kafka's words. */

/** Operations on all that begins with a name, or on the one that has it. */
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

/** What somebody may do, as people say it; a name that ends in * stands for all that begin so. */
export interface Permissions {
    readonly produce: readonly string[];
    readonly consume: readonly string[];
    readonly groups: readonly string[];
    readonly acls?: readonly AclRule[];
}

/** The same in Kafka's words, each once. */
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
    return [...new Map(all.map((right) => [aclKey(right), right])).values()];
}

/** A text that two rights have in common only if they are one. */
export function aclKey({ resource, name, pattern, operation }: Acl): string {
    return [resource, pattern, name, operation].join(" ");
}
