/** JSON Schemas of the kinds of Kubernetes, from its own OpenAPI document. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../common/paths.ts";
import { run } from "../../local/exec.ts";
import { ensureGo } from "../../local/tools/go.ts";
import { versions } from "../../local/versions.ts";
import type { Manifest } from "./manifests.ts";

interface Schema {
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly additionalProperties?: unknown;
    readonly "x-kubernetes-group-version-kind"?: readonly Kind[];
    readonly [keyword: string]: unknown;
}

interface Kind {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
}

type Definitions = Readonly<Record<string, Schema>>;

/** Where kubeconform finds the schemas of {@link writeSchemas} in their folder. */
export const SCHEMA_FILE = "{{.Group}}_{{.ResourceAPIVersion}}_{{.ResourceKind}}.json";

/**
 * Every type of the Kubernetes API, in the version that `local/go` requires. The document is in its Go
 * module, which Go downloads unless it has it.
 *
 * @throws CommandError when Go or the module cannot be installed
 */
export async function openApiDefinitions(log: string): Promise<Definitions> {
    const answer = await run(
        [await ensureGo(log), "mod", "download", "-json", `k8s.io/kubernetes@v${versions.kubernetes}`],
        // In the module that requires it, so that Go compares the checksum in go.sum.
        { cwd: join(root, "local", "go"), env: { ...process.env, GOTOOLCHAIN: "local" }, log },
    );
    const { Dir: folder } = JSON.parse(answer) as { Dir: string };
    const document = readFileSync(join(folder, "api", "openapi-spec", "swagger.json"), "utf8");
    return (JSON.parse(document) as { definitions: Definitions }).definitions;
}

/**
 * Writes one schema for each kind among the objects. It is strict: a field that Kubernetes does not know is
 * invalid. A custom resource gets none.
 */
export function writeSchemas(folder: string, definitions: Definitions, objects: readonly Manifest[]): void {
    mkdirSync(folder, { recursive: true });
    const strict = Object.fromEntries(
        Object.entries(definitions).map(([name, schema]) => [name, strictly(name, schema)]),
    );
    for (const { apiVersion, kind } of objects) {
        const version = apiVersion.split("/").at(-1)!;
        const group = apiVersion.includes("/") ? apiVersion.split("/")[0]! : "";
        const name = Object.keys(definitions).find((key) =>
            definitions[key]?.["x-kubernetes-group-version-kind"]?.some(
                (own) => own.group === group && own.version === version && own.kind === kind,
            ),
        );
        if (name === undefined) {
            continue;
        }
        // As kubeconform names the group: in full, or the version where the group has no name.
        const file = `${group || version}_${version}_${kind.toLowerCase()}.json`;
        writeFileSync(
            join(folder, file),
            JSON.stringify({ definitions: strict, $ref: `#/definitions/${name}` }),
        );
    }
}

/** Types that Kubernetes accepts in two forms, of which the document names only one. */
const EITHER: Readonly<Record<string, Schema>> = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": { type: ["string", "number"] },
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": { type: ["string", "integer"] },
};

function strictly(name: string, schema: Schema): Schema {
    if (EITHER[name]) {
        return EITHER[name];
    }
    return schema.properties && schema.additionalProperties === undefined
        ? { ...schema, additionalProperties: false }
        : schema;
}
