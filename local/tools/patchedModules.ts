import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { run } from "../exec.ts";
import { hashFiles } from "./hash.ts";

/** Folder with the files of ours, beside the go.mod. */
export const PATCHES = "_patch";

/**
 * A go.mod in which copies with files of ours take the place of modules: Go itself replaces no file of its module
 * cache. What `_patch` has of a module takes the place of its files at the same paths, or is added; a file `stub.go`
 * takes the place of its whole package. The copies are made once.
 *
 * @param modules paths of the modules, as go.mod requires them
 * @returns the path of the go.mod to build with
 */
export async function patchModules(
    modules: readonly string[],
    { go, source, cache, env, log }: PatchOptions,
): Promise<string> {
    const hash = createHash("sha256").update(JSON.stringify(modules));
    hashFiles(hash, source, ["go.mod", "go.sum", PATCHES]);
    const folder = join(cache, `modules-${hash.digest("hex").slice(0, 16)}`);
    const modfile = join(folder, "go.mod");
    if (existsSync(modfile)) {
        return modfile;
    }
    const unfinished = `${folder}.${process.pid}`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    try {
        const replacements: string[] = [];
        for (const module of modules) {
            const name = module.replaceAll("/", "_");
            const list = [go, "mod", "download", "-json", module] as const;
            const answer = await run(list, { cwd: source, env, log });
            const { Dir, Version } = JSON.parse(answer) as { Dir: string; Version: string };
            await copyPatched(Dir, join(source, PATCHES, name), join(unfinished, name));
            // With the version, it is preferred to a replacement in go.mod itself.
            replacements.push(`replace ${module} ${Version} => ${join(folder, name)}\n`);
        }
        const original = readFileSync(join(source, "go.mod"), "utf8");
        writeFileSync(join(unfinished, "go.mod"), original + replacements.join(""));
        cpSync(join(source, "go.sum"), join(unfinished, "go.sum"));
        if (!existsSync(folder)) {
            renameSync(unfinished, folder);
        }
    } finally {
        rmSync(unfinished, { recursive: true, force: true });
    }
    return modfile;
}

async function copyPatched(module: string, patch: string, copy: string): Promise<void> {
    const isReplaced = (path: string) =>
        path.endsWith(".go") && existsSync(join(patch, relative(module, dirname(path)), "stub.go"));
    cpSync(module, copy, { recursive: true, filter: (path) => !isReplaced(path) });
    await run(["chmod", "-R", "u+w", copy]);
    cpSync(patch, copy, { recursive: true });
}

interface PatchOptions {
    /** The `go` command. */
    readonly go: string;
    /** Folder of the go.mod that requires the modules. */
    readonly source: string;
    /** Folder for the copies, whose names are hashes of what they are made of. */
    readonly cache: string;
    readonly env: NodeJS.ProcessEnv;
    readonly log: string;
}
