import { dirname, join } from "node:path";
import { logDir } from "../../common/paths.ts";
import { build, builtPath, isBuilt, packagesToCompile } from "./build.ts";
import { BuildProgress, downloadProgress } from "./buildProgress.ts";
import { findExecutable } from "./find.ts";
import { type GoTool, goTools } from "./goTools.ts";

/** The tools of `pulumi up`. One that is on PATH is used instead of ours. */
const pulumiTools: readonly GoTool[] = [
    goTools.pulumi,
    goTools.pulumiLanguageNodejs,
    goTools.pulumiResourceKubernetes,
];

/** The programs of the embedded Kubernetes; always ours, as their versions have to match. */
const platformTools: readonly GoTool[] = [goTools.kube];

/** The Kubernetes binary, once built. */
export const kubePath = () => builtPath(goTools.kube);

/**
 * Builds the tools that are neither on PATH nor in the cache. The first time that takes some 10 minutes on two
 * processors, afterwards nothing.
 *
 * @param withPlatform whether the embedded Kubernetes is among them
 * @param onStep told which tool is being built, how far that is and how long all will take
 * @throws CommandError naming the log when a build fails.
 */
export async function ensureTools(
    withPlatform = true,
    onStep: (text: string) => void = () => {},
): Promise<void> {
    const missing = notBuilt(withPlatform);
    if (missing.length === 0) {
        return;
    }
    const log = join(logDir, "tools.log");
    const onModule = downloadProgress(
        missing.map(({ name }) => name),
        onStep,
    );
    const counts = await packagesToCompile(missing, log, onModule);
    const builds = missing.map(({ name }, position) => ({ name, packages: counts[position]! }));
    const progress = new BuildProgress(builds, onStep);
    for (const tool of missing) {
        progress.begin(tool.name);
        await build(tool, log, () => progress.compiling());
    }
}

/** Whether {@link ensureTools} has nothing to do, be it with the embedded Kubernetes. */
export const toolsAreBuilt = () => notBuilt(true).length === 0;

function notBuilt(withPlatform: boolean): GoTool[] {
    const tools = [...(withPlatform ? platformTools : []), ...pulumiTools.filter(isMissing)];
    return tools.filter((tool) => !isBuilt(tool));
}

/** Folders to add to PATH, so that all tools of Pulumi are found. */
export function toolFolders(): readonly string[] {
    return pulumiTools.filter(isMissing).map((tool) => dirname(builtPath(tool)));
}

/** Whether all of Pulumi's tools are ours, so that Pulumi need not look for plugins elsewhere. */
export const pulumiIsOurs = () => pulumiTools.every(isMissing);

const isMissing = (tool: GoTool) => findExecutable(tool.name) === undefined;
