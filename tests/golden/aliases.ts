/** Aliases as Pulumi's engine computes them: a resource has its own, and those that follow from its parent's. */

/** An alias in a request to the engine. */
export interface AliasMessage {
    getSpec(): { getName(): string; getType(): string; getParenturn(): string } | undefined;
}

interface RegisterRequest {
    getType(): string;
    getName(): string;
    getParent(): string;
    getAliasesList(): AliasMessage[];
}

/** A resource without stack and program: types from the outermost parent on, and its name. */
interface ShortUrn {
    readonly types: string;
    readonly name: string;
}

export class Aliases {
    /** Aliases of the components so far, by their short URNs. */
    readonly #known = new Map<string, ShortUrn[]>();

    /** Former URNs of a resource whose parent was registered before, sorted. */
    of(request: RegisterRequest): string[] {
        const type = request.getType();
        const parent = parse(request.getParent());
        const own = request.getAliasesList().flatMap((alias): ShortUrn[] => {
            const spec = alias.getSpec();
            // SDKs name types of older versions of Google's and Kubernetes' APIs, which no state of ours has.
            if (!spec || (/^(kubernetes|gcp):/.test(type) && spec.getType() !== "")) {
                return [];
            }
            return [
                child(
                    parse(spec.getParenturn()),
                    spec.getType() || type,
                    spec.getName() || request.getName(),
                ),
            ];
        });
        const inherited = (this.#known.get(text(parent)) ?? []).flatMap((former) =>
            [{ types: type, name: request.getName() }, ...own].map(({ types, name }) => {
                const renamed = name.startsWith(parent.name)
                    ? former.name + name.slice(parent.name.length)
                    : name;
                return child(former, types.split("$").at(-1)!, renamed);
            }),
        );
        const all = [...own, ...inherited];
        this.#known.set(text(child(parent, type, request.getName())), all);
        return all.map(text).sort();
    }
}

function parse(urn: string): ShortUrn {
    const [, , types = "", name = ""] = urn.split("::");
    return types === "pulumi:pulumi:Stack" ? { types: "", name: "" } : { types, name };
}

function child(parent: ShortUrn, type: string, name: string): ShortUrn {
    return { types: parent.types === "" ? type : `${parent.types}$${type}`, name };
}

function text({ types, name }: ShortUrn): string {
    return `${types}::${name}`;
}
