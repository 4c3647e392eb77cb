/** ACLs by DescribeAcls (29) of Kafka's protocol: each broker answers by those that it knows itself. */
import type { AclEntry } from "kafkajs";
import { type Acl, aclKey } from "./acls.ts";
import { ANY_ACL, aclIn, userOf } from "./kafkajsAcls.ts";
import { metadata } from "./metadata.ts";
import { type ProtocolRequest, refuse } from "./protocol.ts";
import type { SharedConnections } from "./sharedConnections.ts";

/**
 * ACLs in Kafka's numbers.
 * @param user name in the certificate of the user whose ACLs they are; default: all ACLs
 */
export function describeAcls(user?: string): ProtocolRequest<readonly AclEntry[]> {
    return {
        name: "DescribeAcls",
        key: 29,
        version: 1,
        encode: (request) =>
            request
                .writeInt8(ANY_ACL.resourceType)
                .writeString(null) // any name
                .writeInt8(ANY_ACL.resourcePatternType)
                .writeString(user === undefined ? null : userOf(user))
                .writeString(null) // any host
                .writeInt8(ANY_ACL.operation)
                .writeInt8(ANY_ACL.permissionType),
        decode: (answer) => {
            answer.readInt32(); // throttle time
            refuse(answer);
            return answer
                .readArray((resource) => {
                    const subject = {
                        resourceType: resource.readInt8(),
                        resourceName: resource.readString() ?? "",
                        resourcePatternType: resource.readInt8(),
                    };
                    return resource.readArray((acl) => ({
                        ...subject,
                        principal: acl.readString() ?? "",
                        host: acl.readString() ?? "",
                        operation: acl.readInt8(),
                        permissionType: acl.readInt8(),
                    }));
                })
                .flat();
        },
    };
}

/** Brokers that are up and do not know one of these ACLs of a user, by host:port. */
export async function brokersWithout(
    connections: SharedConnections,
    user: string,
    acls: readonly Acl[],
): Promise<string[]> {
    const { brokers } = await connections.ask(metadata([]));
    const found = await Promise.all(
        brokers.map(async ({ address }) => {
            const known = await connections.askBroker(address, describeAcls(user));
            const keys = new Set(known.map((acl) => aclKey(aclIn(acl))));
            return acls.every((acl) => keys.has(aclKey(acl))) ? [] : [address];
        }),
    );
    return found.flat();
}
