/** Whether a client is allowed what its ACLs say, and nothing else, by read-only requests in its own name. */
import type { KafkaAddress } from "../client/kafkajs.ts";
import { type Acl, aclsOf, type Permissions } from "./acls.ts";
import {
    describeVisibleCluster,
    describeVisibleGroup,
    type Operation,
    type VisibleResource,
} from "./permissions.ts";

/** What is compared; the right to describe comes with each of them. */
const OPERATIONS = { Read: "read", Write: "write" } as const satisfies Partial<
    Record<Operation, Acl["operation"]>
>;

/** A refusal that says no more than that. */
const DENIED = new Set(["TOPIC_AUTHORIZATION_FAILED", "GROUP_AUTHORIZATION_FAILED"]);
/** The topic was deleted meanwhile. */
const UNKNOWN_TOPIC = "UNKNOWN_TOPIC_OR_PARTITION";

/**
 * Compares a client's access with its permissions.
 * @param address with the client's certificate
 * @param topics those that exist: the client is asked about each of them by name
 * @returns a clause for each difference, such as "may not write to topic orders"
 * @throws Error with Kafka's name of an error that says nothing of access, such as a coordinator that is not known yet
 */
export async function accessErrors(
    address: KafkaAddress,
    permissions: Permissions,
    topics: readonly string[],
): Promise<readonly string[]> {
    const acls = aclsOf(permissions);
    const errors: string[] = [];
    const visible = await describeVisibleCluster(address, topics);
    for (const [name, seen] of visible.topics) {
        if (seen.refusal !== UNKNOWN_TOPIC) {
            errors.push(...topicErrors(acls, name, allowedOn(seen)));
        }
    }
    const groups = acls.filter(({ resource, operation }) => resource === "group" && operation === "read");
    for (const { name, pattern } of groups) {
        const group = pattern === "prefixed" ? `${name}smoke-test` : name;
        if (!allowedOn(await describeVisibleGroup(address, group)).includes("Read")) {
            errors.push(`may not use consumer group ${group}`);
        }
    }
    if (visible.mayAlter) {
        errors.push("may alter the cluster");
    }
    return errors;
}

function allowedOn({ refusal, allowed }: VisibleResource): readonly Operation[] {
    if (refusal !== undefined && !DENIED.has(refusal)) {
        throw new Error(refusal);
    }
    return allowed;
}

/** Exported for tests. */
export function topicErrors(acls: readonly Acl[], topic: string, seen: readonly Operation[]): string[] {
    const own = acls.filter(
        ({ resource, name, pattern }) =>
            resource === "topic" &&
            // As a name of its own, the star is every topic.
            (pattern === "prefixed" ? topic.startsWith(name) : name === "*" || topic === name),
    );
    const errors = Object.entries(OPERATIONS).flatMap(([operation, acl]) => {
        const wanted = own.some((each) => each.operation === acl || each.operation === "all");
        const allowed = seen.includes(operation as Operation);
        if (wanted === allowed) {
            return [];
        }
        const verb = acl === "write" ? "write to" : "read";
        return [
            `${wanted ? "may not" : "may"} ${verb} topic ${topic}${wanted ? "" : " without an ACL of config"}`,
        ];
    });
    const isHidden = own.length === 0 && errors.length === 0;
    return isHidden && seen.includes("Describe")
        ? [`may see topic ${topic} without an ACL of config`]
        : errors;
}
