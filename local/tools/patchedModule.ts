import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../exec.ts";

/** A module of which some files are replaced before it is compiled. */
export interface Patch {
    /** Path of the module, as go.mod requires it. */
    readonly module: string;
    /** Folder with the files that take the place of the module's own, at the same paths. */
    readonly files: string;
}

/**
 * Copies a module and patches the copy. Go itself replaces no file of its module cache.
 *
 * @param source folder of the go.mod that requires the module
 * @param work folder for the copy, which is replaced; the caller removes it after the build
 * @returns the go.mod to build with, which refers to the copy
 */
export async function patchModule(
    patch: Patch,
    { go, source, work, env, log }: PatchOptions,
): Promise<string> {
    const list = [go, "mod", "download", "-json", patch.module] as const;
    const { Dir } = JSON.parse(await run(list, { cwd: source, env, log })) as { Dir: string };
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work, { recursive: true });
    const copy = join(work, "module");
    cpSync(Dir, copy, { recursive: true });
    await run(["chmod", "-R", "u+w", copy]);
    cpSync(join(source, patch.files), copy, { recursive: true });
    const modfile = join(work, "go.mod");
    writeFileSync(
        modfile,
        `${readFileSync(join(source, "go.mod"), "utf8")}replace ${patch.module} => ${copy}\n`,
    );
    cpSync(join(source, "go.sum"), join(work, "go.sum"));
    return modfile;
}

interface PatchOptions {
    /** The `go` command. */
    readonly go: string;
    readonly source: string;
    readonly work: string;
    readonly env: NodeJS.ProcessEnv;
    readonly log: string;
}
