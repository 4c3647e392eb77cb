import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { cacheDir, root } from "../../common/paths.ts";
import { run } from "../exec.ts";
import { versions } from "../versions.ts";
import { ensureGo } from "./go.ts";
import { type Patch, patchModule } from "./patchedModule.ts";

/** A program that is built from a Go module of `local/go`. */
export interface GoTool {
    /** Name of the executable and of the folder in `local/go`. */
    readonly name: string;
    /** Package to build: a path inside the module, or one that its go.mod requires. */
    readonly package: string;
    /** Variables set while linking, by their full name. */
    readonly variables: Readonly<Record<string, string>>;
    /** Build tags; default: none. */
    readonly tags?: string;
    /** Files of a module that are replaced. */
    readonly patch?: Patch;
}

const [kubernetesMajor = "", kubernetesMinor = ""] = versions.kubernetes.split(".");

/** The programs that this repository builds from source. */
export const goTools = {
    pulumi: {
        name: "pulumi",
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": versions.pulumi },
    },
    pulumiLanguageNodejs: {
        name: "pulumi-language-nodejs",
        package: "github.com/pulumi/pulumi/sdk/nodejs/cmd/pulumi-language-nodejs/v3",
        variables: {},
    },
    pulumiResourceKubernetes: {
        name: "pulumi-resource-kubernetes",
        package: ".",
        variables: {
            "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version":
                versions.kubernetesProvider,
        },
        patch: { module: "github.com/pulumi/pulumi-kubernetes/provider/v4", files: "patch" },
    },
    kube: {
        name: "kube",
        package: ".",
        variables: {
            "k8s.io/component-base/version.gitVersion": `v${versions.kubernetes}`,
            "k8s.io/component-base/version.gitMajor": kubernetesMajor,
            "k8s.io/component-base/version.gitMinor": kubernetesMinor,
        },
    },
    kubeRouter: {
        name: "kube-router",
        package: "github.com/cloudnativelabs/kube-router/v2/cmd/kube-router",
        variables: {
            "github.com/cloudnativelabs/kube-router/v2/pkg/version.Version": `v${versions.kubeRouter}`,
        },
    },
    actionlint: {
        name: "actionlint",
        package: "github.com/rhysd/actionlint/cmd/actionlint",
        variables: {},
    },
    kubeconform: {
        name: "kubeconform",
        package: "github.com/yannh/kubeconform/cmd/kubeconform",
        variables: {},
    },
    kubeScore: {
        name: "kube-score",
        package: "github.com/zegl/kube-score/cmd/kube-score",
        variables: {},
    },
    promtool: {
        name: "promtool",
        package: "github.com/prometheus/prometheus/cmd/promtool",
        variables: {},
        // Without service discovery for every cloud, which is not used here.
        tags: "remove_all_sd",
    },
} as const satisfies Record<string, GoTool>;

/** Where a tool's executable is, or will be once built. */
export function builtPath(tool: GoTool): string {
    return join(cacheDir, "bin", `${tool.name}-${fingerprint(tool)}`, tool.name);
}

/** Whether {@link build} has nothing to do for a tool. */
export function isBuilt(tool: GoTool): boolean {
    return existsSync(builtPath(tool));
}

/** Packages that a tool is made of, those of Go's own library included. Downloads the modules. */
export async function packagesOf(tool: GoTool, log: string): Promise<number> {
    const list = await run([await ensureGo(log), "list", "-deps", ...tagsOf(tool), tool.package], {
        cwd: sourceDir(tool),
        env: { ...process.env, ...buildEnvironment },
        log,
    });
    return list.trim().split("\n").length;
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
    const go = await ensureGo(log);
    const folder = join(path, "..");
    const unfinished = `${path}.${process.pid}`;
    mkdirSync(folder, { recursive: true });
    const env = { ...process.env, ...buildEnvironment };
    const source = sourceDir(tool);
    const work = `${unfinished}-patched`;
    try {
        const modfile = tool.patch && (await patchModule(tool.patch, { go, source, work, env, log }));
        // One build at a time: that of another checkout then finds most of it in Go's cache.
        await run(
            [
                "flock",
                `${folder}.lock`,
                go,
                "build",
                // Prints each package that it compiles.
                "-v",
                ...tagsOf(tool),
                ...(modfile === undefined ? [] : ["-modfile", modfile]),
                // What a debugger needs, which the linker drops anyway.
                "-gcflags=all=-dwarf=false",
                "-ldflags",
                linkerFlags(tool),
                "-o",
                unfinished,
                tool.package,
            ],
            {
                cwd: source,
                env,
                log,
                ...(onPackage === undefined ? {} : { onLine: onPackage }),
            },
        );
        renameSync(unfinished, path);
    } finally {
        rmSync(unfinished, { force: true });
        rmSync(work, { recursive: true, force: true });
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

const tagsOf = ({ tags }: GoTool) => (tags === undefined ? [] : ["-tags", tags]);

function linkerFlags(tool: GoTool): string {
    const variables = Object.entries(tool.variables).map(([name, value]) => `-X ${name}=${value}`);
    return ["-s", "-w", ...variables].join(" ");
}

const sourceDir = (tool: GoTool) => join(root, "local", "go", tool.name);

function fingerprint(tool: GoTool): string {
    const hash = createHash("sha256").update(JSON.stringify([tool, process.arch]));
    for (const file of readdirSync(sourceDir(tool), { recursive: true, encoding: "utf8" }).sort()) {
        hash.update(file);
        if (statSync(join(sourceDir(tool), file)).isFile()) {
            hash.update(readFileSync(join(sourceDir(tool), file)));
        }
    }
    return hash.digest("hex").slice(0, 16);
}
