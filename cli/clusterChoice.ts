import { existsSync } from "node:fs";
import type { KubeTarget } from "../common/kubeTarget.ts";
import { EMBEDDED_CONTEXT, kubeconfigPath } from "../common/paths.ts";
import { exitCode, UnityError } from "./errors.ts";
import type { ProjectOptions } from "./options.ts";

/**
 * The cluster that the options name: the embedded platform for `--local`, else a context of the kubeconfig.
 * @throws UnityError when the embedded platform is not running, or `--namespace` is empty
 */
export function clusterChoice({ local, context, namespace }: ProjectOptions): KubeTarget {
    // An unset variable of a script must not choose whatever Project there is.
    if (namespace === "") {
        const hint = "Give --namespace a name, or leave it out to use the only Project";
        throw new UnityError("No namespace provided", hint, exitCode.usage);
    }
    if (!local) {
        return { context };
    }
    if (!existsSync(kubeconfigPath)) {
        const hint = "Start it with npm start, or leave out --local";
        throw new UnityError("The embedded platform is not running", hint, exitCode.failed);
    }
    return { kubeconfig: kubeconfigPath, context: context ?? EMBEDDED_CONTEXT };
}
