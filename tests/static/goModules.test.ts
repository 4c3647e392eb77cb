import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../common/paths.ts";

/** What a go.mod of `local/go` requires, by module: the version, or what replaces it. */
function requirements(folder: string): ReadonlyMap<string, string> {
    const text = readFileSync(join(root, "local/go", folder, "go.mod"), "utf8");
    const required = [...text.matchAll(/^(?:require )?\s*(\S+) (v\S+)(?: \/\/ indirect)?$/gm)];
    const replaced = [...text.matchAll(/^(?:replace )?\s*(\S+) => (\S+) (v\S+)$/gm)];
    return new Map([
        ...required.map(([, module, version]) => [module!, version!] as const),
        ...replaced.map(
            ([, module, by, version]) => [module!, by === module ? version! : `${by} ${version}`] as const,
        ),
    ]);
}

describe("the Go modules of a program with a go.mod of its own", () => {
    const platform = requirements(".");

    /** Modules of which the program has another version than the platform: all that imports them is compiled twice. */
    function differing(folder: string): string[] {
        return [...requirements(folder)]
            .filter(([module, version]) => platform.has(module) && platform.get(module) !== version)
            .map(([module, version]) => `${module} ${version}, not ${platform.get(module)}`);
    }

    it("are those of the platform's versions where a start builds it, save for Pulumi's own", () => {
        assert.deepEqual(
            differing("pulumi-language-nodejs").map((line) => line.split(" ")[0]),
            ["github.com/pulumi/pulumi/pkg/v3", "github.com/pulumi/pulumi/sdk/v3"],
        );
    });

    it("are those of the platform's versions for kube-score, which is made of the Kubernetes API", () => {
        assert.deepEqual(differing("kube-score"), []);
    });
});
