import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "../../common/paths.ts";
import type { ProjectConfig } from "../../config/schema/environment.ts";
import { readStackFile } from "../../config/stackFile.ts";
import { render } from "./golden.ts";

const files = globSync("examples/*.yaml", { cwd: root }).sort();

/** Names of the namespaces that the program registers for a stack. */
async function namespaces(stack: string, file: string): Promise<string[]> {
    const { resources } = JSON.parse(await render(stack, file)) as {
        resources: { type: string; inputs: { metadata?: { name?: string } } }[];
    };
    return resources
        .filter(({ type }) => type === "kubernetes:core/v1:Namespace")
        .map(({ inputs }) => inputs.metadata?.name ?? "")
        .sort();
}

describe("the examples of stack files", () => {
    it("are there for one line, requirements, a bridge and many Projects", () => {
        assert.deepEqual(
            files.map((file) => basename(file, ".yaml")),
            ["bridge", "many-projects", "minimal", "requirements"],
        );
    });

    for (const file of files) {
        const path = join(root, file);

        it(`${file} is valid, without a warning`, () => {
            assert.deepEqual(readStackFile(path).warnings, []);
        });

        it(`${file} gives brokers racks only if it names zones, where each node has one`, async () => {
            const { projects, zones, stackPerProject } = readStackFile(path);
            const stack = basename(file, ".yaml");
            const rendered = await render(stackPerProject ? `${stack}.${projects[0]!.name}` : stack, path);
            assert.equal(rendered.includes("broker.rack="), zones.length > 0);
        });

        it(`${file} renders a namespace for each Project, and one for the components of those that have any`, async () => {
            const { projects, stackPerProject } = readStackFile(path);
            const stack = basename(file, ".yaml");
            const namespacesOf = ({ namespace, components }: ProjectConfig) => [
                ...new Set([namespace, ...components.flatMap((component) => component.namespaces)]),
            ];
            const all = projects.flatMap(namespacesOf).sort();
            assert.deepEqual(await namespaces(stack, path), stackPerProject ? [] : all);
            if (stackPerProject) {
                const [project] = projects as [ProjectConfig];
                assert.deepEqual(await namespaces(`${stack}.${project.name}`, path), namespacesOf(project));
            }
        });
    }
});
