/** This program, and one with the same objects as `pulumi new` would have it: ts-node, and whole packages imported. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { EMBEDDED_CONTEXT, kubeconfigPath, root } from "../../common/paths.ts";
import { copyCheckoutInto } from "../e2e/checkoutCopy.ts";

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
    copyCheckoutInto(folder);
    // The provider stays what it is: only the program is another.
    const project = readFileSync(join(folder, "Pulumi.yaml"), "utf8");
    writeFileSync(
        join(folder, "Pulumi.yaml"),
        project.replace("path: provider", `path: ${join(root, "provider")}`),
    );
}

/**
 * The least that a program of the template of `pulumi new kubernetes-typescript` can be: it registers these Kubernetes
 * objects and no other resource, and has no code of its own that would have to be checked.
 *
 * @param objects of which each has its kind, its version, and a name of its own within its kind and namespace
 */
export function writeTemplate(folder: string, stack: string, objects: readonly unknown[]): void {
    mkdirSync(folder, { recursive: true });
    const write = (name: string, content: unknown) =>
        writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
    const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
        dependencies: object;
    };
    write("package.json", { name: "template", main: "index.ts", dependencies });
    const options = { target: "es2020", module: "commonjs", moduleResolution: "node", strict: true };
    write("tsconfig.json", {
        compilerOptions: { ...options, skipLibCheck: true, resolveJsonModule: true },
        files: ["index.ts"],
    });
    write("Pulumi.yaml", "name: template\nruntime: nodejs\n");
    write(`Pulumi.${stack}.yaml`, "config: {}\n");
    write("objects.json", objects);
    write("index.ts", TEMPLATE);
    if (!existsSync(join(folder, "node_modules"))) {
        symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    }
}

const TEMPLATE = `import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as objects from "./objects.json";

const provider = new k8s.Provider("kubernetes", {
    kubeconfig: ${JSON.stringify(kubeconfigPath)},
    context: ${JSON.stringify(EMBEDDED_CONTEXT)},
});
const namespaces: Record<string, pulumi.Resource> = {};
for (const object of objects as any[]) {
    const { name, namespace } = object.metadata;
    const [group, version] = ("core/" + object.apiVersion).split("/").slice(-2);
    const Kind = (k8s as any)[group.split(".")[0]][version][object.kind];
    const dependsOn = namespace ? [namespaces[namespace]] : [];
    const resource = new Kind([object.kind, namespace, name].join("-"), object, { provider, dependsOn });
    if (object.kind === "Namespace") {
        namespaces[name] = resource;
    }
}
`;
