/** ACLs: who may do what in Kafka. */

/** Operations on one resource, or on all whose names begin with `name`. */
export interface AclRule {
    readonly resource: "topic" | "group" | "cluster" | "transactionalId" | "delegationToken" | "user";
    readonly name: string;
    readonly pattern: "literal" | "prefixed";
    readonly operations: readonly Operation[];
    /** Only of an ACL that was made by hand. Default: the operations are allowed. */
    readonly permission?: "deny";
    /** Only of an ACL that was made by hand: the address that it is for. Default: any. */
    readonly host?: string;
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
    | "idempotentWrite"
    | "clusterAction"
    | "createTokens"
    | "describeTokens";

/** One operation on one resource. */
export interface Acl extends Omit<AclRule, "operations"> {
    readonly operation: Operation;
}

/** What a client may do, as config says it; a name that ends in * stands for all that begin so. */
export interface Permissions {
    readonly produce: readonly string[];
    readonly consume: readonly string[];
    readonly groups: readonly string[];
    /** Further ACLs. Default: none. */
    readonly acls?: readonly AclRule[];
}

/** Everything, as a super user may do it. */
export const ALL_PERMISSIONS: Permissions = {
    ...{ produce: [], consume: [], groups: [] },
    acls: (["topic", "group", "transactionalId"] as const)
        .map((resource): AclRule => ({ resource, name: "*", pattern: "literal", operations: ["all"] }))
        .concat({ resource: "cluster", name: "kafka-cluster", pattern: "literal", operations: ["all"] }),
};

/**
 * Operations on what config names.
 * @param name one that ends in * stands for all that begin so
 */
export function aclRule(
    resource: AclRule["resource"],
    name: string,
    operations: readonly Operation[],
): AclRule {
    return name.endsWith("*")
        ? { resource, name: name.slice(0, -1), pattern: "prefixed", operations }
        : { resource, name, pattern: "literal", operations };
}

/** The same as Kafka's ACLs, each once. */
export function aclsOf({ produce, consume, groups, acls = [] }: Permissions): Acl[] {
    const all = [
        ...produce.map((topic) => aclRule("topic", topic, ["write", "describe"])),
        ...consume.map((topic) => aclRule("topic", topic, ["read", "describe"])),
        ...groups.map((group) => aclRule("group", group, ["read", "describe"])),
        ...acls,
    ].flatMap(({ operations, ...rest }) => operations.map((operation): Acl => ({ ...rest, operation })));
    return [...new Map(all.map((acl) => [aclKey(acl), acl])).values()];
}

/** A text that two ACLs have in common only if they are equal. */
export function aclKey({ resource, name, pattern, operation, permission, host }: Acl): string {
    return JSON.stringify([resource, pattern, name, operation, permission, host]);
}

/** What turns the ACLs that there are into the wanted ones. */
export function aclChanges(
    current: readonly Acl[],
    wanted: readonly Acl[],
): { readonly create: readonly Acl[]; readonly delete: readonly Acl[] } {
    const missingIn = (acls: readonly Acl[]) => {
        const keys = new Set(acls.map(aclKey));
        return (acl: Acl) => !keys.has(aclKey(acl));
    };
    return { create: wanted.filter(missingIn(current)), delete: current.filter(missingIn(wanted)) };
}
