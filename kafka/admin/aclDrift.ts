import { type Acl, type AclRule, aclKey, aclsOf, type Permissions } from "./acls.ts";

/**
 * What a client really may do, in the words of config: its permissions where the ACLs are those, in whatever way they
 * are written; otherwise without what is missing, and with `acls` for the other ACLs that it has.
 *
 * @param found all ACLs of the client
 */
export function permissionsFound<P extends Permissions>(permissions: P, found: readonly Acl[]): P {
    const there = new Set(found.map(aclKey));
    const wanted = aclsOf(permissions);
    if (wanted.length === there.size && wanted.every((acl) => there.has(aclKey(acl)))) {
        return permissions;
    }
    const isThere = (differing: Partial<Permissions>) =>
        aclsOf({ produce: [], consume: [], groups: [], ...differing }).every((acl) => there.has(aclKey(acl)));
    const kept = {
        ...permissions,
        produce: permissions.produce.filter((topic) => isThere({ produce: [topic] })),
        consume: permissions.consume.filter((topic) => isThere({ consume: [topic] })),
        groups: permissions.groups.filter((group) => isThere({ groups: [group] })),
        acls: permissions.acls?.filter((rule) => isThere({ acls: [rule] })) ?? [],
    };
    const explained = new Set(aclsOf(kept).map(aclKey));
    return { ...kept, acls: [...kept.acls, ...rulesOf(found.filter((acl) => !explained.has(aclKey(acl))))] };
}

/** ACLs as rules, sorted: one for each resource, with its operations. */
function rulesOf(acls: readonly Acl[]): AclRule[] {
    const sorted = acls.toSorted((one, other) => (aclKey(one) < aclKey(other) ? -1 : 1));
    const bySubject = Map.groupBy(sorted, ({ operation: _, ...subject }) => JSON.stringify(subject));
    return [...bySubject.values()].map((same) => {
        const { operation: _, ...subject } = same[0]!;
        return { ...subject, operations: same.map(({ operation }) => operation) };
    });
}
