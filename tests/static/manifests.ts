/** The Kubernetes objects of an environment as manifests, the form that other people's linters read. */
import { readFileSync } from "node:fs";
import { stringify } from "yaml";
import { goldenPath } from "../golden/golden.ts";

/** An object as Kubernetes' API takes it. */
export interface Manifest {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string };
    readonly [field: string]: unknown;
}

interface Golden {
    readonly resources: readonly { readonly type: string; readonly inputs: unknown }[];
}

/** The objects that the golden file of a stack registers in Kubernetes, in its order. */
export function manifests(stack: string): readonly Manifest[] {
    const { resources } = JSON.parse(readFileSync(goldenPath(stack), "utf8")) as Golden;
    return resources
        .filter(({ type }) => type.startsWith("kubernetes:") && !type.endsWith("Patch"))
        .map(({ inputs }) => joinLines(inputs) as Manifest);
}

/** Manifests as one file of YAML documents. */
export function yamlOf(objects: readonly Manifest[]): string {
    return objects.map((object) => stringify(object, { lineWidth: 0 })).join("---\n");
}

/** Fields that hold texts by names of the user's choice. */
const TEXTS = ["annotations", "data", "stringData"];

/** Fields that are a text wherever Kubernetes has them. */
const TEXT = ["value", "expression", "messageExpression"];

/**
 * Texts of several lines, which golden files hold as lists of lines, as texts again. Nothing marks them
 * there; but where Kubernetes wants a text there can be no list, and it has no lists of lists.
 *
 * @param wantsText whether Kubernetes wants a text where the value stands
 */
export function joinLines(value: unknown, wantsText = false): unknown {
    if (Array.isArray(value)) {
        return wantsText
            ? value.join("\n")
            : value.map((element) => joinLines(element, Array.isArray(element)));
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [
            key,
            TEXTS.includes(key) && isMap(inner)
                ? Object.fromEntries(
                      Object.entries(inner).map(([name, text]) => [name, joinLines(text, true)]),
                  )
                : joinLines(inner, TEXT.includes(key)),
        ]),
    );
}

const isMap = (value: unknown): value is object =>
    typeof value === "object" && value !== null && !Array.isArray(value);
