/** ACLs as kafkajs wants and gives them. */
// Node finds only some of the names that kafkajs exports.
import kafkajs, { type AclEntry, type AclFilter, type DescribeAclResponse } from "kafkajs";
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

/** Finds every ACL of a user. */
export function allAclsOf(user: string): AclFilter {
    return {
        resourceType: AclResourceTypes.ANY,
        resourcePatternType: ResourcePatternTypes.ANY,
        operation: AclOperationTypes.ANY,
        permissionType: AclPermissionTypes.ANY,
        principal: `User:${user}`,
    };
}

/** One ACL of a user, to create or to delete. */
export function aclEntry(user: string, acl: Acl): AclEntry {
    return {
        resourceType: RESOURCES[acl.resource],
        resourceName: acl.name,
        resourcePatternType: PATTERNS[acl.pattern],
        operation: OPERATIONS[acl.operation],
        permissionType: acl.permission === "deny" ? AclPermissionTypes.DENY : AclPermissionTypes.ALLOW,
        principal: `User:${user}`,
        host: acl.host ?? ANY_HOST,
    };
}

/** The ACLs in an answer. */
export function aclsIn(resources: DescribeAclResponse["resources"]): Acl[] {
    return resources.flatMap(({ resourceType, resourceName, resourcePatternType, acls }) =>
        acls.map(
            ({ operation, permissionType, host }): Acl => ({
                resource: keyOf(RESOURCES, resourceType),
                name: resourceName,
                pattern: keyOf(PATTERNS, resourcePatternType),
                operation: keyOf(OPERATIONS, operation),
                ...(permissionType === AclPermissionTypes.DENY && { permission: "deny" }),
                ...(host !== ANY_HOST && { host }),
            }),
        ),
    );
}

function keyOf<Key extends string>(names: Readonly<Record<Key, number>>, value: number): Key {
    const found = (Object.keys(names) as Key[]).find((key) => names[key] === value);
    if (found === undefined) {
        throw new Error(`an ACL has the number ${value}, which is none of ${Object.keys(names).join(", ")}`);
    }
    return found;
}
