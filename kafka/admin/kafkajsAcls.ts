/** ACLs as kafkajs wants and gives them. */
// Node finds only some of the names that kafkajs exports.
import kafkajs, {
    type AclEntry,
    type AclFilter,
    type AclOperationTypes as AclOperation,
    type DescribeAclResponse,
} from "kafkajs";
import type { Acl, Operation } from "./acls.ts";

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

const RESOURCES = {
    topic: AclResourceTypes.TOPIC,
    group: AclResourceTypes.GROUP,
    cluster: AclResourceTypes.CLUSTER,
} as const;
const PATTERNS = { literal: ResourcePatternTypes.LITERAL, prefixed: ResourcePatternTypes.PREFIXED } as const;
const OPERATIONS: Record<Operation, AclOperation> = {
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
        permissionType: AclPermissionTypes.ALLOW,
        principal: `User:${user}`,
        host: "*",
    };
}

/** The ACLs in an answer. What config cannot express, such as a denial made by hand, is left out. */
export function aclsIn(resources: DescribeAclResponse["resources"]): Acl[] {
    return resources.flatMap(({ resourceType, resourceName, resourcePatternType, acls }) =>
        acls.flatMap(({ operation, permissionType, host }): Acl[] => {
            const resource = keyOf(RESOURCES, resourceType);
            const pattern = keyOf(PATTERNS, resourcePatternType);
            const known = keyOf(OPERATIONS, operation);
            if (!resource || !pattern || !known) {
                return [];
            }
            if (permissionType !== AclPermissionTypes.ALLOW || host !== "*") {
                return [];
            }
            return [{ resource, name: resourceName, pattern, operation: known }];
        }),
    );
}

function keyOf<Key extends string>(names: Readonly<Record<Key, number>>, value: number): Key | undefined {
    return (Object.keys(names) as Key[]).find((key) => names[key] === value);
}
