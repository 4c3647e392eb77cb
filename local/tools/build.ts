import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheDir, root } from "../../common/paths.ts";
import { run } from "../exec.ts";
import { ensureGo } from "./go.ts";
import type { GoModule, GoTool } from "./goTools.ts";
import { hashFiles } from "./hash.ts";
import { PATCHES, patchModules } from "./patchedModules.ts";

/** Where a tool's executable is, or will be once built. */
export function builtPath(tool: GoTool): string {
    return join(cacheDir, "bin", `${tool.name}-${fingerprint(tool)}`, tool.name);
}

/** Whether {@link build} has nothing to do for a tool. */
export function isBuilt(tool: GoTool): boolean {
    return existsSync(builtPath(tool));
}

/**
 * How many packages the build of each tool compiles at most, those of Go's own library included: Go has then those of
 * the tools before it in its cache. Downloads the modules.
 *
 * @param onModule told when a module is downloaded
 */
export async function packagesToCompile(
    tools: readonly GoTool[],
    log: string,
    onModule: () => void,
): Promise<readonly number[]> {
    const compiled = new Set<string>();
    const counts: number[] = [];
    for (const tool of tools) {
        const before = compiled.size;
        for (const name of await packagesOf(tool, log, onModule)) {
            compiled.add(name);
        }
        counts.push(compiled.size - before);
    }
    return counts;
}

/** The packages that a tool is made of, each with the version of its module. */
async function packagesOf(tool: GoTool, log: string, onModule: () => void): Promise<readonly string[]> {
    const { go, flags, options } = await goCommand(tool, log);
    const format = "{{.ImportPath}} {{with .Module}}{{.Version}}{{end}}";
    const onLine = (line: string) => {
        if (line.startsWith("go: downloading ")) {
            onModule();
        }
    };
    const list = await run([go, "list", "-deps", "-f", format, ...flags, tool.package], {
        ...options,
        onLine,
    });
    return list.trim().split("\n");
}

/**
 * Builds a tool unless that is done, and returns its path. An interrupted build leaves nothing that would be
 * taken for a finished one.
 *
 * @param onPackage told when a package is compiled
 * @throws CommandError when Go cannot be installed or the build fails.
 */
export async function build(tool: GoTool, log: string, onPackage?: () => void): Promise<string> {
    const path = builtPath(tool);
    if (existsSync(path)) {
        return path;
    }
    const { go, flags, options } = await goCommand(tool, log);
    const folder = join(path, "..");
    const unfinished = `${path}.${process.pid}`;
    mkdirSync(folder, { recursive: true });
    try {
        // One build at a time: that of another checkout then finds most of it in Go's cache.
        await run(
            [
                "flock",
                `${folder}.lock`,
                go,
                "build",
                // Prints each package that it compiles.
                "-v",
                // Go's cache then knows a package of ours wherever the checkout and the patched copies are.
                "-trimpath",
                ...flags,
                // What a debugger needs, which the linker drops anyway.
                "-gcflags=all=-dwarf=false",
                "-ldflags",
                linkerFlags(tool),
                "-o",
                unfinished,
                tool.package,
            ],
            { ...options, ...(onPackage === undefined ? {} : { onLine: onPackage }) },
        );
        renameSync(unfinished, path);
    } finally {
        rmSync(unfinished, { force: true });
    }
    return path;
}

const buildEnvironment = {
    // Without C: the same result whether or not the machine has a compiler, and it runs on any libc.
    CGO_ENABLED: "0",
    // The checkout's commit has no place in a tool, and asking git for it fails for another user's checkout.
    GOFLAGS: "-mod=readonly -buildvcs=false",
    // Not in the checksum database; go.sum has their checksums.
    GONOSUMDB: "github.com/pulumi/*,github.com/cloudnativelabs/*",
    GOTOOLCHAIN: "local",
    // Compilers collect garbage less often: a little memory for much time.
    GOGC: "400",
};

interface GoCommand {
    readonly go: string;
    /** Flags that choose the module and the files. */
    readonly flags: readonly string[];
    readonly options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly log: string };
}

/** How to run the command `go` on a tool's module. */
async function goCommand({ module, tags }: GoTool, log: string): Promise<GoCommand> {
    const go = await ensureGo(log);
    const [source, env] = [folderOf(module), { ...process.env, ...buildEnvironment }];
    const flags = tags === undefined ? [] : ["-tags", tags];
    if (module.patched.length > 0) {
        const modfile = await patchModules(module.patched, { go, source, cache: cacheDir, env, log });
        flags.push("-modfile", modfile);
    }
    return { go, flags, options: { cwd: source, env, log } };
}

function linkerFlags(tool: GoTool): string {
    const variables = Object.entries(tool.variables).map(([name, value]) => `-X ${name}=${value}`);
    return ["-s", "-w", ...variables].join(" ");
}

const folderOf = (module: GoModule) => join(root, "local", "go", module.folder);

/** Of all that a tool is built from: a build with something else has another path. */
function fingerprint(tool: GoTool): string {
    const hash = createHash("sha256").update(JSON.stringify([tool, process.arch]));
    hashFiles(hash, folderOf(tool.module), [
        "go.mod",
        "go.sum",
        ...(tool.module.patched.length === 0 ? [] : [PATCHES]),
        ...(tool.package.startsWith("./") ? [tool.package] : []),
    ]);
    return hash.digest("hex").slice(0, 16);
}
