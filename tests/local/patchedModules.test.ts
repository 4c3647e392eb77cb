import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { patchModules } from "../../local/tools/patchedModules.ts";

describe("the patched modules of a build", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "unity-modules-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    function write(files: Readonly<Record<string, string>>): void {
        for (const [path, text] of Object.entries(files)) {
            mkdirSync(dirname(join(folder, path)), { recursive: true });
            writeFileSync(join(folder, path), text, { mode: 0o755 });
        }
    }

    /** Text of every file below a folder, by its path. */
    function read(root: string): Record<string, string> {
        const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
        const paths = files.map((file) => join(file.parentPath, file.name)).sort();
        return Object.fromEntries(paths.map((path) => [path, readFileSync(path, "utf8")]));
    }

    const patch = async () =>
        patchModules(["example.com/m"], {
            go: join(folder, "go"),
            source: join(folder, "source"),
            cache: join(folder, "cache"),
            env: process.env,
            log: join(folder, "log"),
        });

    it("have our files in place of their own, and our stubs in place of whole packages", async () => {
        write({
            // What `go mod download -json` prints.
            go: `#!/bin/sh\necho '{"Version": "v1.2.3", "Dir": "${folder}/module"}'\n`,
            "module/go.mod": "module example.com/m\n",
            "module/whole/a.go": "theirs",
            "module/whole/b.go": "theirs",
            "module/stubbed/a.go": "theirs",
            "module/stubbed/data.json": "theirs",
            "module/stubbed/inner/c.go": "theirs",
            "source/go.mod": "module tools\n",
            "source/go.sum": "sums",
            "source/_patch/example.com_m/whole/b.go": "ours",
            "source/_patch/example.com_m/stubbed/stub.go": "ours",
        });
        const modfile = await patch();
        const root = dirname(modfile);
        assert.deepEqual(read(root), {
            [`${root}/example.com_m/go.mod`]: "module example.com/m\n",
            [`${root}/example.com_m/stubbed/data.json`]: "theirs",
            [`${root}/example.com_m/stubbed/inner/c.go`]: "theirs",
            [`${root}/example.com_m/stubbed/stub.go`]: "ours",
            [`${root}/example.com_m/whole/a.go`]: "theirs",
            [`${root}/example.com_m/whole/b.go`]: "ours",
            [`${root}/go.mod`]: `module tools\nreplace example.com/m v1.2.3 => ${root}/example.com_m\n`,
            [`${root}/go.sum`]: "sums",
        });
        assert.deepEqual(readdirSync(join(folder, "module/stubbed")), ["a.go", "data.json", "inner"]);
    });

    it("are copied once, and again when a file of ours has changed", async () => {
        write({
            go: `#!/bin/sh\necho >> ${folder}/calls\necho '{"Version": "v1.2.3", "Dir": "${folder}/module"}'\n`,
            "module/a.go": "theirs",
            "source/go.mod": "module tools\n",
            "source/go.sum": "",
            "source/_patch/example.com_m/a.go": "ours",
        });
        const first = await patch();
        assert.equal(await patch(), first);
        assert.equal(readFileSync(join(folder, "calls"), "utf8"), "\n");
        write({ "source/_patch/example.com_m/a.go": "ours, changed" });
        const second = await patch();
        assert.notEqual(second, first);
        assert.equal(readFileSync(join(dirname(second), "example.com_m/a.go"), "utf8"), "ours, changed");
    });

    it("leave nothing behind when a module cannot be downloaded", async () => {
        write({
            go: "#!/bin/sh\nexit 1\n",
            "source/go.mod": "module tools\n",
            "source/go.sum": "",
            "source/_patch/example.com_m/a.go": "ours",
        });
        await assert.rejects(patch(), /go mod download failed with exit code 1/);
        assert.deepEqual(readdirSync(join(folder, "cache")), []);
    });
});
