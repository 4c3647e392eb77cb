/** The rules of the pack over plain resources, without an engine. */
import type { PolicyResource, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import { policies } from "../../policy/policies.ts";
import type { Resource } from "./resources.ts";

export interface Violation {
    readonly rule: string;
    readonly level: string | undefined;
    readonly resource: string;
    readonly message: string;
}

/** As much of what Pulumi passes to a rule as the rules of this pack read. */
function asPulumi({ type, name, inputs }: Resource) {
    return { type, name, urn: `${type} ${name}`, props: inputs };
}

/** Every violation of any rule, in the order of rules, then resources. */
export function violations(resources: readonly Resource[]): Violation[] {
    const found: Violation[] = [];
    for (const policy of policies) {
        const report = (message: string, urn = "the stack") =>
            found.push({ rule: policy.name, level: policy.enforcementLevel, resource: urn, message });
        if ("validateStack" in policy) {
            void policy.validateStack(
                {
                    resources: resources.map((resource) => asPulumi(resource) as PolicyResource),
                } as StackValidationArgs,
                report,
            );
            continue;
        }
        for (const validate of [policy.validateResource].flat()) {
            for (const resource of resources.map(asPulumi)) {
                void validate?.(resource as ResourceValidationArgs, (message) =>
                    report(message, resource.urn),
                );
            }
        }
    }
    return found;
}

/** Names of the rules that resources violate. */
export function violated(...resources: Resource[]): string[] {
    return violations(resources).map(({ rule }) => rule);
}
