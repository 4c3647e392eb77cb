/** What the rules of the pack are made from. */
import type { ResourceValidationPolicy } from "@pulumi/policy";
import type { Unwrap } from "@pulumi/pulumi";

/** One rule over the inputs of one resource. */
export interface Rule<Props> {
    /** What holds where the rule is kept, as a sentence. */
    readonly description: string;
    /** How to comply, as a sentence to the person whose preview it stops. */
    readonly remediation: string;
    /** Whether these inputs violate it. If it needs a value that is unknown before `up`, Pulumi skips it and says so: see `unknown.ts`. */
    readonly violates: (props: Props) => boolean;
    /** Reported, but does not stop. Default: it stops. */
    readonly advisory?: true;
}

/**
 * Policies for resources of some types, by name.
 *
 * @typeParam Args arguments of the resource in the program; rules get them with every Output resolved
 * @param types Pulumi's types, such as `kubernetes:core/v1:Namespace`; the rules check no other
 */
export function rulesOf<Args>(
    types: readonly string[],
    rules: Readonly<Record<string, Rule<Unwrap<Args>>>>,
): ResourceValidationPolicy[] {
    return Object.entries(rules).map(([name, { description, remediation, violates, advisory }]) => ({
        name,
        description,
        enforcementLevel: advisory ? "advisory" : "mandatory",
        validateResource: ({ type, props }, report) => {
            if (types.includes(type) && violates(props as Unwrap<Args>)) {
                report(remediation);
            }
        },
    }));
}
