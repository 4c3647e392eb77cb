/** The rules of the pack over plain resources, as Pulumi presents them, without an engine. */
import type { PolicyResource, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import * as proxy from "@pulumi/policy/proxy.js";
import { policies } from "../../policy/policies.ts";
import type { Resource } from "./resources.ts";

export interface Violation {
    readonly rule: string;
    readonly level: string | undefined;
    readonly resource: string;
    readonly message: string;
}

/** A rule that stopped at a value that is not known in a preview. */
export interface Skipped {
    readonly rule: string;
    readonly resource: string;
    readonly message: string;
}

/** Advisory rules that a stack breaks on purpose. */
export const ACCEPTED: Record<string, readonly string[]> = {
    dev: ["storage-retained"],
    local: ["storage-retained"],
};

/** What the SDK has and does not declare. */
const { unknownCheckingProxy, UnknownValueError } = proxy as unknown as {
    unknownCheckingProxy: <T extends object>(props: T) => T;
    UnknownValueError: new () => Error;
};

/** As much of what Pulumi passes to a rule as the rules of this pack read. */
function asPulumi({ type, name }: Resource, props: object) {
    return { type, name, urn: `${type} ${name}`, props: unknownCheckingProxy(props) };
}

/** Every violation of any rule, and every rule that Pulumi would skip, in the order of rules, then resources. */
export function evaluate(resources: readonly Resource[]): {
    readonly violations: Violation[];
    readonly skipped: Skipped[];
} {
    const found: Violation[] = [];
    const skipped: Skipped[] = [];
    for (const policy of policies) {
        const report = (message: string, urn = "the stack") =>
            found.push({ rule: policy.name, level: policy.enforcementLevel, resource: urn, message });
        const run = (resource: string, rule: () => unknown) => {
            try {
                rule();
            } catch (error) {
                if (!(error instanceof UnknownValueError)) {
                    throw error;
                }
                skipped.push({ rule: policy.name, resource, message: error.message });
            }
        };
        if ("validateResource" in policy) {
            for (const resource of resources) {
                const args = asPulumi(resource, resource.inputs);
                for (const validate of [policy.validateResource].flat()) {
                    run(args.urn, () =>
                        validate?.(args as ResourceValidationArgs, (message) => report(message, args.urn)),
                    );
                }
            }
        }
        if ("validateStack" in policy) {
            const all = resources.map(
                (resource) => asPulumi(resource, resource.outputs ?? resource.inputs) as PolicyResource,
            );
            run("the stack", () => policy.validateStack({ resources: all } as StackValidationArgs, report));
        }
    }
    return { violations: found, skipped };
}

/** Every violation of resources of which everything is known. */
export function violations(resources: readonly Resource[]): Violation[] {
    const { violations: found, skipped } = evaluate(resources);
    if (skipped.length > 0) {
        throw new Error(`nothing is unknown here: ${JSON.stringify(skipped)}`);
    }
    return found;
}

/** Names of the rules that resources violate. */
export function violated(...resources: Resource[]): string[] {
    return violations(resources).map(({ rule }) => rule);
}
