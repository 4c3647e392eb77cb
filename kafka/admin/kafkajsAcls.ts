/** ACLs in Kafka's numbers, as kafkajs wants them. */
// Node finds only some of the names that kafkajs exports.
import kafkajs, { type AclEntry } from "kafkajs";
import type { Acl, AclRule, Operation } from "./acls.ts";

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

/** The host of an ACL that is for all of them. */
const ANY_HOST = "*";
/** By Kafka's numbers, of which kafkajs does not name all. */
const RESOURCES: Record<AclRule["resource"], number> = {
    topic: AclResourceTypes.TOPIC,
    group: AclResourceTypes.GROUP,
    cluster: AclResourceTypes.CLUSTER,
    transactionalId: AclResourceTypes.TRANSACTIONAL_ID,
    delegationToken: AclResourceTypes.DELEGATION_TOKEN,
    user: 7,
};
const PATTERNS = { literal: ResourcePatternTypes.LITERAL, prefixed: ResourcePatternTypes.PREFIXED } as const;
const OPERATIONS: Record<Operation, number> = {
    all: AclOperationTypes.ALL,
    read: AclOperationTypes.READ,
    write: AclOperationTypes.WRITE,
    create: AclOperationTypes.CREATE,
    delete: AclOperationTypes.DELETE,
    alter: AclOperationTypes.ALTER,
    describe: AclOperationTypes.DESCRIBE,
    describeConfigs: AclOperationTypes.DESCRIBE_CONFIGS,
    alterConfigs: AclOperationTypes.ALTER_CONFIGS,
    idempotentWrite: AclOperationTypes.IDEMPOTENT_WRITE,
    clusterAction: AclOperationTypes.CLUSTER_ACTION,
    createTokens: 13,
    describeTokens: 14,
};

/** What every ACL matches. */
export const ANY_ACL = {
    resourceType: AclResourceTypes.ANY,
    resourcePatternType: ResourcePatternTypes.ANY,
    operation: AclOperationTypes.ANY,
    permissionType: AclPermissionTypes.ANY,
} as const;

const USER = "User:";

/** A user, by the name in its certificate, as ACLs name it. */
export const userOf = (name: string): string => `${USER}${name}`;

/** The users that ACLs name. `User:*` is none: that is everybody. */
export function usersIn(entries: readonly AclEntry[]): string[] {
    const names = entries.flatMap(({ principal }) =>
        principal.startsWith(USER) ? [principal.slice(USER.length)] : [],
    );
    return [...new Set(names)].filter((name) => name !== "*");
}

/** One ACL of a user, to create or to delete. */
export function aclEntry(user: string, acl: Acl): AclEntry {
    return {
        resourceType: RESOURCES[acl.resource],
        resourceName: acl.name,
        resourcePatternType: PATTERNS[acl.pattern],
        operation: OPERATIONS[acl.operation],
        permissionType: acl.permission === "deny" ? AclPermissionTypes.DENY : AclPermissionTypes.ALLOW,
        principal: userOf(user),
        host: acl.host ?? ANY_HOST,
    };
}

/** An ACL that a broker has answered. */
export function aclIn(entry: AclEntry): Acl {
    return {
        resource: keyOf(RESOURCES, entry.resourceType),
        name: entry.resourceName,
        pattern: keyOf(PATTERNS, entry.resourcePatternType),
        operation: keyOf(OPERATIONS, entry.operation),
        ...(entry.permissionType === AclPermissionTypes.DENY && { permission: "deny" }),
        ...(entry.host !== ANY_HOST && { host: entry.host }),
    };
}

function keyOf<Key extends string>(names: Readonly<Record<Key, number>>, value: number): Key {
    const found = (Object.keys(names) as Key[]).find((key) => names[key] === value);
    if (found === undefined) {
        throw new Error(`an ACL has the number ${value}, which is none of ${Object.keys(names).join(", ")}`);
    }
    return found;
}
