import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { root } from "../../common/paths.ts";

/** What tells that a large library is loaded: for npm's and the one of source maps, a library that only they use. */
const LARGE = ["pacote", "typescript", "inspector", "@opentelemetry/sdk-trace-node", "source-map"];

/** Which of the large libraries a script has loaded at its end, started with the options that Pulumi gives to Node.js. */
function loadedBy(script: string, options: readonly string[]): string[] {
    const list = `console.log(JSON.stringify([...Object.keys(require.cache), ...process.moduleLoadList]))`;
    const args = [...options, "--input-type=commonjs", "--eval", `${script};setImmediate(() => ${list})`];
    const modules = JSON.parse(
        execFileSync(process.execPath, args, { cwd: root, encoding: "utf8", stdio: "pipe" }),
    ) as string[];
    return LARGE.filter((name) =>
        modules.some((path) => path.includes(`/node_modules/${name}/`) || path === `NativeModule ${name}`),
    );
}

describe("The SDK of Pulumi", function () {
    this.timeout("30s");

    const { runtime } = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as {
        runtime: { options: { nodeargs: string } };
    };
    const options = runtime.options.nodeargs.split(" ");
    /** As Pulumi's program runner loads it: hooks first, then tracing, then what the program imports. */
    const start = `
        const hooks = require("@pulumi/pulumi/runtime/closure/v8Hooks.js");
        hooks.isInitializedAsync();
        require("source-map-support/register");
        const tracing = require("@pulumi/pulumi/cmd/run/tracing.js");
        tracing.newSpan("run").end();
        const pulumi = require("@pulumi/pulumi")`;

    it("loads the large libraries by itself, but nothing of them in this program", () => {
        assert.deepEqual(loadedBy(start, []), LARGE);
        assert.deepEqual(loadedBy(start, options), []);
    });

    it("reports errors of the program: each call of the SDK to what stands for its tracing works", () => {
        const runner = join(root, "node_modules/@pulumi/pulumi/cmd/run");
        const sources = globSync("*.js", { cwd: runner }).map((name) =>
            readFileSync(join(runner, name), "utf8"),
        );
        const calls = sources.flatMap((source) => [...source.matchAll(/span\.(\w+)\(/gi)]);
        const methods = [...new Set(calls.map(([, method]) => method!))].sort();
        assert(methods.includes("addEvent"), methods.join());
        const script = `${start};
            const span = tracing.newSpan("run");
            for (const method of ${JSON.stringify(methods)}) { span[method]("a", "b"); }`;
        assert.deepEqual(loadedBy(script, options), []);
    });

    it("records no stack trace with a promise, and every one with an error", () => {
        const script = `${start};
            const { debuggablePromise } = require("@pulumi/pulumi/runtime/debuggable.js");
            const promise = Promise.resolve();
            debuggablePromise(promise, "test");
            const frames = (text) => text.split("\\n").length - 1;
            console.log([frames(promise._debugStackTrace), frames(new Error().stack) > 0].join())`;
        const printed = (more: readonly string[]) =>
            execFileSync(process.execPath, [...more, "--input-type=commonjs", "--eval", script], {
                cwd: root,
                encoding: "utf8",
            }).trim();
        assert.match(printed([]), /^[1-9]\d*,true$/);
        assert.equal(printed(options), "0,true");
    });

    it("loads them once they are used", () => {
        const used = `${start};
            hooks.getSessionAsync();
            pulumi.runtime.computeCodePaths();
            pulumi.runtime.serializeFunction(() => 1);
            tracing.start("http://localhost:1")`;
        assert.deepEqual(
            loadedBy(used, options),
            LARGE.filter((name) => name !== "source-map"),
        );
    });
});
