/** What the rules of the pack are made from. */
import type { ResourceValidationPolicy } from "@pulumi/policy";
import type { Unwrap } from "@pulumi/pulumi";

/** One rule over the inputs of one resource. */
export interface Rule<Props> {
    /** What holds where the rule is kept: a sentence. */
    readonly description: string;
    /** What to do where it is not: a sentence to the person whose preview it stops. */
    readonly fix: string;
    /** Whether these inputs break it. Values that are not known before `up` stop it, and Pulumi says so. */
    readonly broken: (props: Props) => boolean;
    /** Reported, but does not stop. Default: it stops. */
    readonly advisory?: true;
}

/**
 * Policies for resources of some types, by name.
 *
 * @typeParam Args arguments of the resource in the program; rules see them with every Output resolved
 * @param types Pulumi's types, such as `kubernetes:core/v1:Namespace`; the rules look at no other
 */
export function rulesOf<Args>(
    types: readonly string[],
    rules: Readonly<Record<string, Rule<Unwrap<Args>>>>,
): ResourceValidationPolicy[] {
    return Object.entries(rules).map(([name, { description, fix, broken, advisory }]) => ({
        name,
        description,
        enforcementLevel: advisory ? "advisory" : "mandatory",
        validateResource: ({ type, props }, report) => {
            if (types.includes(type) && broken(props as Unwrap<Args>)) {
                report(fix);
            }
        },
    }));
}
