/** The Kubernetes objects of a stack as manifests, which linters read. */
import { readFileSync } from "node:fs";
import { stringify } from "yaml";
import { goldenPath } from "../golden/golden.ts";

/** An object as the Kubernetes API accepts it. */
export interface Manifest {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string };
    readonly [field: string]: unknown;
}

interface Golden {
    readonly resources: readonly { readonly type: string; readonly inputs: unknown }[];
}

/** The Kubernetes objects in the golden file of a stack, in its order. */
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

/** Fields that are maps of strings. */
const STRING_MAPS = ["annotations", "data", "stringData"];

/** Fields that are a string wherever Kubernetes has them. */
const STRINGS = ["value", "expression", "messageExpression"];

/**
 * Joins strings of several lines, which golden files hold as lists of lines. Nothing marks them there; but where
 * Kubernetes requires a string there can be no list, and it has no lists of lists.
 *
 * @param isString whether Kubernetes requires a string at this value
 */
export function joinLines(value: unknown, isString = false): unknown {
    if (Array.isArray(value)) {
        return isString
            ? value.join("\n")
            : value.map((element) => joinLines(element, Array.isArray(element)));
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [
            key,
            STRING_MAPS.includes(key) && isMap(inner)
                ? Object.fromEntries(
                      Object.entries(inner).map(([name, lines]) => [name, joinLines(lines, true)]),
                  )
                : joinLines(inner, STRINGS.includes(key)),
        ]),
    );
}

const isMap = (value: unknown): value is object =>
    typeof value === "object" && value !== null && !Array.isArray(value);
