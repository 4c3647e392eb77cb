import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../common/paths.ts";

const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
};

/** This program's dependencies that are loaded with a module, by the word of Node.js. */
function dependenciesLoadedWith(module: string): string[] {
    const hooks = `
        import { registerHooks } from "node:module";
        registerHooks({
            load(url, context, next) {
                console.log(url);
                return next(url, context);
            },
        });`;
    const printed = execFileSync(
        process.execPath,
        ["--import", `data:text/javascript,${encodeURIComponent(hooks)}`, join(root, module)],
        { encoding: "utf8" },
    );
    const names = printed.matchAll(/\/node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//g);
    return [...new Set([...names].map(([, name]) => name!))].filter((name) => name in dependencies).sort();
}

describe("loading of the provider", () => {
    it("a preview, which only checks and compares, loads no client of Kafka or Kubernetes", () => {
        // Pulumi loads gRPC in any case.
        assert.deepEqual(dependenciesLoadedWith("provider/provider.ts"), ["@grpc/grpc-js", "@pulumi/pulumi"]);
    });

    it("a change does", () => {
        const loaded = dependenciesLoadedWith("provider/kafkaConnection.ts");
        for (const name of ["kafkajs", "@kubernetes/client-node"]) {
            assert(loaded.includes(name), `${name} among ${loaded.join(", ")}`);
        }
    });
});
