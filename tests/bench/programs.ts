/** This program, and the same one as `pulumi new` would have it: compiled by ts-node, with whole packages imported. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { EMBEDDED_CONTEXT, kubeconfigPath, root } from "../../common/paths.ts";

/** Writes the stack file of an environment with so many Projects, small and on the embedded platform. */
export function writeStackFile(folder: string, stack: string, projects: number, settings: object = {}): void {
    const file = parse(readFileSync(join(root, "Pulumi.local.yaml"), "utf8")) as {
        config: Record<string, unknown>;
    };
    const config = {
        ...file.config,
        // By its path, which is the same for all copies.
        "unity-kafka:kubernetes": { context: EMBEDDED_CONTEXT, kubeconfig: kubeconfigPath },
        "unity-kafka:namespacePrefix": "bench-",
        "unity-kafka:storageClasses": [
            { name: "unity-bench", provisioner: "unity.dev/local", reclaimPolicy: "Delete" },
        ],
        // Nobody is there to answer.
        "unity-kafka:smokeTest": false,
        "unity-kafka:projects": Array.from({ length: projects }, (_, i) => ({ name: `p${i}` })),
        ...settings,
    };
    const text = stringify({ encryptionsalt: (file as { encryptionsalt?: string }).encryptionsalt, config });
    writeFileSync(join(folder, `Pulumi.${stack}.yaml`), text.replaceAll("unity-local", "unity-bench"));
}

/** A copy of the program as it is, with no stack files but those that are written into it. */
export function copyProgram(folder: string): void {
    mkdirSync(folder, { recursive: true });
    for (const name of [
        "common",
        "config",
        "components",
        "planning",
        "kafka",
        "local",
        "provider",
        "cli",
        "index.ts",
        "package.json",
        "Pulumi.yaml",
    ]) {
        cpSync(join(root, name), join(folder, name), { recursive: true });
    }
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    // The provider stays what it is: only the program is another.
    const project = readFileSync(join(folder, "Pulumi.yaml"), "utf8");
    writeFileSync(
        join(folder, "Pulumi.yaml"),
        project.replace("path: provider", `path: ${join(root, "provider")}`),
    );
    // The platform is looked up from the checkout.
    symlinkSync(join(root, ".unity"), join(folder, ".unity"));
}

/** A copy as the template of `pulumi new kubernetes-typescript` has it, which runs through ts-node. */
export function copyAsTemplate(folder: string): void {
    copyProgram(folder);
    for (const name of readdirSync(join(folder, "kafka"))) {
        if (!["acls.ts", "clientFiles.ts"].includes(name)) {
            rmSync(join(folder, "kafka", name));
        }
    }
    for (const name of [
        "cli",
        "provider",
        "local/commands",
        "local/platform",
        "local/image",
        "local/tools",
    ]) {
        rmSync(join(folder, name), { recursive: true });
    }
    for (const name of ["gke", "gkeCluster", "clusterCheck", "nodePools", "nodeAccount", "kubeconfig"]) {
        rmSync(join(folder, "components", `${name}.ts`));
    }
    mkdirSync(join(folder, "provider"));
    // All of the provider that the program knows.
    writeFileSync(join(folder, "provider", "x509.ts"), 'export type Usage = "server" | "client";\n');
    const files = ["config", "components", "kafka", "local"].flatMap((name) =>
        readdirSync(join(folder, name), { recursive: true, encoding: "utf8" }).map((file) =>
            join(folder, name, file),
        ),
    );
    for (const path of [join(folder, "index.ts"), ...files]) {
        if (path.endsWith(".ts")) {
            writeFileSync(path, asTemplate(readFileSync(path, "utf8")));
        }
    }
    const options = { target: "es2022", module: "commonjs", moduleResolution: "node", strict: true };
    const compilerOptions = {
        ...options,
        resolveJsonModule: true,
        esModuleInterop: true,
        skipLibCheck: true,
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["index.ts"] }));
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<
        string,
        unknown
    >;
    writeFileSync(join(folder, "package.json"), JSON.stringify({ ...manifest, type: "commonjs" }));
    const project = readFileSync(join(folder, "Pulumi.yaml"), "utf8");
    writeFileSync(
        join(folder, "Pulumi.yaml"),
        project.replace("typescript: false", "typescript: true").replace(/^ *nodeargs: .*\n/m, ""),
    );
}

/** CommonJS as ts-node of that template takes it: no extensions, no import of one class alone, nothing on demand. */
function asTemplate(text: string): string {
    return text
        .replaceAll(
            /^import \{ (\w+) \} from "@pulumi\/kubernetes\/(.+)\/\w+\.js";$/gm,
            (_, name: string, path: string) =>
                [
                    `import * as kubernetes_${name} from "@pulumi/kubernetes";`,
                    `import ${name} = kubernetes_${name}.${path.replaceAll("/", ".")}.${name};`,
                ].join("\n"),
        )
        .replaceAll(
            /^import \{ Provider \} from "@pulumi\/kubernetes\/provider\.js";$/gm,
            `import { Provider } from "@pulumi/kubernetes";`,
        )
        .replaceAll(
            /^import type \* as k8s from "@pulumi\/kubernetes\/types\/input\.js";$/gm,
            `import * as kubernetes from "@pulumi/kubernetes";\nimport k8s = kubernetes.types.input;`,
        )
        .replaceAll(/^import type /gm, "import ")
        .replaceAll(/\{ type /g, "{ ")
        .replaceAll(/, type (?=\w+[ ,])/g, ", ")
        .replaceAll(/^ {4}type (\w+),$/gm, "    $1,")
        .replaceAll(/(from "\.[^"]*)\.ts"/g, '$1"')
        .replaceAll(/ with \{ type: "json" \}/g, "")
        .replaceAll("import.meta.dirname", "__dirname")
        .replace(/gke\s*\?[^:]*\(await import[\s\S]*?\n {4}: /, "gke ? (undefined as never) : ");
}
