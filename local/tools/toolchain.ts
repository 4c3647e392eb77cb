import { dirname, join } from "node:path";
import { logDir } from "../../common/paths.ts";
import { build, builtPath, type GoTool, goTools, isBuilt } from "./build.ts";
import { findExecutable } from "./find.ts";

/** What `pulumi up` needs. Each is used from PATH where it is there. */
const pulumiTools: readonly GoTool[] = [
    goTools.pulumi,
    goTools.pulumiLanguageNodejs,
    goTools.pulumiResourceKubernetes,
];

/** What the embedded Kubernetes consists of; always ours, as its parts have to fit each other. */
const platformTools: readonly GoTool[] = [goTools.kube, goTools.kubeRouter];

/** The Kubernetes binary, once built. */
export const kubePath = () => builtPath(goTools.kube);

/** The program that makes nodes heed network policies, once built. */
export const kubeRouterPath = () => builtPath(goTools.kubeRouter);

/** The tools that still have to be built, by name. */
export function toolsToBuild(withPlatform = true): readonly string[] {
    return needed(withPlatform)
        .filter((tool) => !isBuilt(tool))
        .map(({ name }) => name);
}

/**
 * Builds the tools that neither PATH nor the cache has. The first time that takes some 20 minutes on two
 * processors, afterwards nothing.
 *
 * @param withPlatform whether the embedded Kubernetes is among them
 * @param onStep told what is being built
 * @throws CommandError naming the log when a build fails.
 */
export async function ensureTools(
    withPlatform = true,
    onStep: (text: string) => void = () => {},
): Promise<void> {
    for (const tool of needed(withPlatform)) {
        if (isBuilt(tool)) {
            continue;
        }
        onStep(`building ${tool.name}`);
        await build(tool, join(logDir, "tools.log"));
    }
}

/** Folders that PATH lacks for all tools of Pulumi to be found. */
export function toolFolders(): readonly string[] {
    return pulumiTools.filter(isMissing).map((tool) => dirname(builtPath(tool)));
}

/** Whether Pulumi's own tools are all ours, so that it has nothing to look for elsewhere. */
export const pulumiIsOurs = () => pulumiTools.every(isMissing);

const isMissing = (tool: GoTool) => findExecutable(tool.name) === undefined;

function needed(withPlatform: boolean): readonly GoTool[] {
    return [...(withPlatform ? platformTools : []), ...pulumiTools.filter(isMissing)];
}
