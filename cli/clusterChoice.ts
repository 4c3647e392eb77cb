import { existsSync } from "node:fs";
import type { KubeTarget } from "../common/kubeTarget.ts";
import { EMBEDDED_CONTEXT, kubeconfigPath } from "../common/paths.ts";
import { exitCode, UnityError } from "./errors.ts";

/**
 * The cluster that the options name: the embedded platform for `--local`, else a context of the kubeconfig.
 * @throws UnityError when the embedded platform is not running
 */
export function clusterChoice(options: { local?: boolean; context?: string }): KubeTarget {
    const { local, context } = options;
    if (!local) {
        return { context };
    }
    if (!existsSync(kubeconfigPath)) {
        const hint = "Start it with npm start, or leave out --local";
        throw new UnityError("The embedded platform is not running", hint, exitCode.failed);
    }
    return { kubeconfig: kubeconfigPath, context: context ?? EMBEDDED_CONTEXT };
}
