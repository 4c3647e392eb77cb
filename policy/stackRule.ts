/** What the rules of the pack over a whole stack are made from. */
import type {
    PolicyResource,
    ReportViolation,
    ResourceValidationPolicy,
    StackValidationPolicy,
} from "@pulumi/policy";

/** A resource of a stack as a rule sees it. */
export interface DeclaredResource {
    readonly type: string;
    readonly urn: string;
    /** Its properties, or its inputs as long as the former are unknown. A value in them may be unknown still. */
    readonly props: unknown;
}

type StackRule = ResourceValidationPolicy & StackValidationPolicy;

/**
 * A mandatory rule over all resources of some types together.
 *
 * Until the provider of a resource is configured, which in the first preview of an environment waits for its cluster,
 * Pulumi shows such rules the resource without any properties. Its inputs are known all the same: Pulumi shows them to
 * the rules over single resources before, so this rule is one of these too and remembers them.
 */
export function stackRule(
    {
        name,
        description,
        types,
    }: Pick<StackRule, "name" | "description"> & { readonly types: readonly string[] },
    validate: (resources: readonly DeclaredResource[], report: ReportViolation) => void,
): StackRule {
    const inputs = new Map<string, unknown>();
    const declared = ({ type, urn, props }: PolicyResource): DeclaredResource[] => {
        const known = Object.keys(props).length > 0 ? props : inputs.get(urn);
        return types.includes(type) && known !== undefined ? [{ type, urn, props: known }] : [];
    };
    return {
        name,
        description,
        enforcementLevel: "mandatory",
        validateResource: ({ type, urn, props }) => {
            if (types.includes(type)) {
                inputs.set(urn, props);
            }
        },
        validateStack: ({ resources }, report) => validate(resources.flatMap(declared), report),
    };
}
