import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBase } from "../../cli/baseFile.ts";

describe("the base of a comparison", () => {
    const repository = mkdtempSync(join(tmpdir(), "unity-base-"));
    const folder = join(repository, "program");
    const file = join(folder, "Pulumi.x.yaml");
    const git = (...args: string[]) =>
        execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args], {
            cwd: folder,
            stdio: "pipe",
        });

    before(() => {
        mkdirSync(folder);
        writeFileSync(file, "first: 1\n\n");
        git("init", "--quiet", "--initial-branch=main");
        git("add", ".");
        git("commit", "--quiet", "--message=one");
        git("tag", "former");
        writeFileSync(file, "second: 2\n");
    });
    after(() => rmSync(repository, { recursive: true }));

    it("is a file, whatever git has under its name", async () => {
        assert.equal(await readBase(file, "Pulumi.x.yaml", folder), "second: 2\n");
    });

    it("is the file at a commit, branch or tag of git, byte by byte, in whatever folder it is now", async () => {
        for (const commit of ["HEAD", "main", "former"]) {
            assert.equal(await readBase(commit, "elsewhere/Pulumi.x.yaml", folder), "first: 1\n\n");
        }
    });

    it("is undefined where the commit has no such file", async () => {
        assert.equal(await readBase("HEAD", "Pulumi.y.yaml", folder), undefined);
    });

    it("is refused where there is neither, an option of git included", async () => {
        for (const base of ["nope", "--all", "HEAD~9", ""]) {
            await assert.rejects(readBase(base, "Pulumi.x.yaml", folder), {
                message: `There is neither a file nor a commit ${base}`,
                code: 2,
            });
        }
    });
});
