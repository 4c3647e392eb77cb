import { dirname, join } from "node:path";
import { logDir } from "../../common/paths.ts";
import { build, builtPath, type GoTool, goTools, isBuilt } from "./build.ts";
import { findExecutable } from "./find.ts";

/** The tools of `pulumi up`. One that is on PATH is used instead of ours. */
const pulumiTools: readonly GoTool[] = [
    goTools.pulumi,
    goTools.pulumiLanguageNodejs,
    goTools.pulumiResourceKubernetes,
];

/** The programs of the embedded Kubernetes; always ours, as their versions have to match. */
const platformTools: readonly GoTool[] = [goTools.kube, goTools.kubeRouter];

/** The Kubernetes binary, once built. */
export const kubePath = () => builtPath(goTools.kube);

/** The program that enforces network policies on the nodes, once built. */
export const kubeRouterPath = () => builtPath(goTools.kubeRouter);

/**
 * Builds the tools that are neither on PATH nor in the cache. The first time that takes some 20 minutes on two
 * processors, afterwards nothing.
 *
 * @param withPlatform whether the embedded Kubernetes is among them
 * @param onStep told which tool is being built
 * @throws CommandError naming the log when a build fails.
 */
export async function ensureTools(
    withPlatform = true,
    onStep: (text: string) => void = () => {},
): Promise<void> {
    const tools = [...(withPlatform ? platformTools : []), ...pulumiTools.filter(isMissing)];
    const missing = tools.filter((tool) => !isBuilt(tool));
    for (const [index, tool] of missing.entries()) {
        onStep(`building ${tool.name} from source (${index + 1} of ${missing.length})`);
        await build(tool, join(logDir, "tools.log"));
    }
}

/** Folders to add to PATH, so that all tools of Pulumi are found. */
export function toolFolders(): readonly string[] {
    return pulumiTools.filter(isMissing).map((tool) => dirname(builtPath(tool)));
}

/** Whether all of Pulumi's tools are ours, so that Pulumi need not look for plugins elsewhere. */
export const pulumiIsOurs = () => pulumiTools.every(isMissing);

const isMissing = (tool: GoTool) => findExecutable(tool.name) === undefined;
